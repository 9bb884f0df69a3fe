"""Add timer, lock, undoable acts, announcements, chat, focus groups and minutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_act_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["user_account.id"], name=op.f("fk_act_undone_by_user_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_act_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    with op.batch_alter_table("act") as batch_op:
        batch_op.create_index("ix_act_meeting", ["meeting_id", "id"], unique=False)

    op.create_table(
        "signed_out",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_signed_out_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "browser", name=op.f("pk_signed_out")),
    )
    with op.batch_alter_table("signed_out") as batch_op:
        batch_op.create_index(op.f("ix_signed_out_at"), ["at"], unique=False)

    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrections_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(state = 'draft') = (sent_at IS NULL)", name=op.f("ck_minutes_sent_at")),
        sa.CheckConstraint("(state = 'final') = (final_at IS NOT NULL)", name=op.f("ck_minutes_final_at")),
        sa.CheckConstraint("state IN ('draft', 'sent', 'final')", name=op.f("ck_minutes_state")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR (state <> 'draft' AND withdrawn_reason <> '')",
            name=op.f("ck_minutes_withdrawn"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_minutes_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_minutes_link_hash")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_minutes_meeting_id_number")),
    )
    op.create_table(
        "speaker",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrew_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number BETWEEN 1 AND 99", name=op.f("ck_speaker_number")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_speaker_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("meeting_id", "number", name=op.f("pk_speaker")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 300", name=op.f("ck_announcement_text_length")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_announcement_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["meeting_table.id"], name=op.f("fk_announcement_table_id_meeting_table")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_announcement_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    with op.batch_alter_table("announcement") as batch_op:
        batch_op.create_index("ix_announcement_meeting", ["meeting_id", "id"], unique=False)

    op.create_table(
        "asked_question",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name=op.f("fk_asked_question_stage_id_stage"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("stage_id", "text_hash", name=op.f("pk_asked_question")),
    )
    op.create_table(
        "closing_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=True),
        sa.Column("differed", sa.Integer(), nullable=True),
        sa.Column("objections", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("agreed IS NULL OR agreed >= 0", name=op.f("ck_closing_check_agreed")),
        sa.CheckConstraint("differed IS NULL OR differed >= 0", name=op.f("ck_closing_check_differed")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_closing_check_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name=op.f("fk_closing_check_stage_id_stage"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_closing_check_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_check")),
    )
    with op.batch_alter_table("closing_check") as batch_op:
        batch_op.create_index("ix_closing_check_meeting", ["meeting_id", "id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('new', 'taken', 'declined')", name=op.f("ck_correction_state")),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name=op.f("ck_correction_text_length")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_correction_answered_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_correction_minutes_id_minutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("minutes_id", "uuid", name=op.f("uq_correction_minutes_id_uuid")),
    )
    op.create_table(
        "minutes_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_file_minutes_id_minutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_file")),
        sa.UniqueConstraint("minutes_id", "format", name=op.f("uq_minutes_file_minutes_id_format")),
    )
    op.create_table(
        "chat_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_participant_id", sa.Integer(), nullable=True),
        sa.Column("author_user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_reason", sa.String(length=300), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('chat', 'question', 'parking')", name=op.f("ck_chat_message_kind")),
        sa.CheckConstraint(
            "state <> 'hidden' OR hidden_reason <> ''", name=op.f("ck_chat_message_hidden_reason")
        ),
        sa.CheckConstraint("state IN ('shown', 'pending', 'hidden')", name=op.f("ck_chat_message_state")),
        sa.CheckConstraint(
            "(author_participant_id IS NULL) <> (author_user_id IS NULL)",
            name=op.f("ck_chat_message_one_author"),
        ),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name=op.f("ck_chat_message_text_length")),
        sa.ForeignKeyConstraint(
            ["author_participant_id"],
            ["participant.id"],
            name=op.f("fk_chat_message_author_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["user_account.id"], name=op.f("fk_chat_message_author_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_chat_message_card_id_card")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_chat_message_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name=op.f("fk_chat_message_stage_id_stage"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_message")),
        sa.UniqueConstraint("meeting_id", "uuid", name=op.f("uq_chat_message_meeting_id_uuid")),
    )
    with op.batch_alter_table("chat_message") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_chat_message_author_participant_id"), ["author_participant_id"], unique=False
        )
        batch_op.create_index("ix_chat_message_meeting_seq", ["meeting_id", "seq"], unique=True)

    with op.batch_alter_table("card") as batch_op:
        batch_op.add_column(sa.Column("stage_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("speaker", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_card_area_source"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_card_area_source"), "area_source IN ('author', 'participant', 'staff', 'example')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_card_speaker"), "speaker IS NULL OR speaker BETWEEN 1 AND 99"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_card_stage_id_stage"), "stage", ["stage_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index("ix_card_wall", ["meeting_id", "state", "area_id", "id"], unique=False)
        batch_op.create_index("ix_card_newest", ["meeting_id", "state", "id"], unique=False)

    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("roles", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("stage_began_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("stage_ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("stage_left", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("locked", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("grace_stage_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("grace_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("display", sa.String(length=20), server_default="auto", nullable=False))
        batch_op.add_column(sa.Column("chat_seq", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("act_seq", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("place_seq", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("announcement_id", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_meeting_display"), "display IN ('auto', 'join', 'question', 'wall', 'results')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_meeting_stage_left"), "stage_left IS NULL OR stage_left >= 0"
        )
        batch_op.create_foreign_key("fk_meeting_grace_stage_id_stage", "stage", ["grace_stage_id"], ["id"])
        batch_op.create_foreign_key(
            "fk_meeting_announcement_id_announcement", "announcement", ["announcement_id"], ["id"]
        )

    with op.batch_alter_table("method") as batch_op:
        batch_op.add_column(sa.Column("own", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("stage") as batch_op:
        batch_op.add_column(sa.Column("follow_ups", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("holds", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("stage") as batch_op:
        batch_op.drop_column("holds")
        batch_op.drop_column("follow_ups")

    with op.batch_alter_table("method") as batch_op:
        batch_op.drop_column("own")

    with op.batch_alter_table("meeting") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_meeting_display"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_meeting_stage_left"), type_="check")
        batch_op.drop_constraint("fk_meeting_announcement_id_announcement", type_="foreignkey")
        batch_op.drop_constraint("fk_meeting_grace_stage_id_stage", type_="foreignkey")
        batch_op.drop_column("announcement_id")
        batch_op.drop_column("place_seq")
        batch_op.drop_column("act_seq")
        batch_op.drop_column("chat_seq")
        batch_op.drop_column("roles")
        batch_op.drop_column("display")
        batch_op.drop_column("grace_until")
        batch_op.drop_column("grace_stage_id")
        batch_op.drop_column("locked")
        batch_op.drop_column("stage_left")
        batch_op.drop_column("stage_ends_at")
        batch_op.drop_column("stage_began_at")

    op.execute("UPDATE card SET area_source = 'staff' WHERE area_source = 'participant'")
    with op.batch_alter_table("card") as batch_op:
        batch_op.drop_index("ix_card_newest")
        batch_op.drop_index("ix_card_wall")
        batch_op.drop_constraint(batch_op.f("ck_card_area_source"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_card_area_source"), "area_source IN ('author', 'staff', 'example')"
        )
        batch_op.drop_constraint(batch_op.f("ck_card_speaker"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_card_stage_id_stage"), type_="foreignkey")
        batch_op.drop_column("speaker")
        batch_op.drop_column("stage_id")

    with op.batch_alter_table("chat_message") as batch_op:
        batch_op.drop_index("ix_chat_message_meeting_seq")
        batch_op.drop_index(batch_op.f("ix_chat_message_author_participant_id"))

    op.drop_table("chat_message")
    op.drop_table("minutes_file")
    op.drop_table("correction")
    with op.batch_alter_table("closing_check") as batch_op:
        batch_op.drop_index("ix_closing_check_meeting")

    op.drop_table("closing_check")
    op.drop_table("asked_question")
    with op.batch_alter_table("announcement") as batch_op:
        batch_op.drop_index("ix_announcement_meeting")

    op.drop_table("announcement")
    op.drop_table("speaker")
    op.drop_table("minutes")
    with op.batch_alter_table("signed_out") as batch_op:
        batch_op.drop_index(op.f("ix_signed_out_at"))

    op.drop_table("signed_out")
    with op.batch_alter_table("act") as batch_op:
        batch_op.drop_index("ix_act_meeting")

    op.drop_table("act")
