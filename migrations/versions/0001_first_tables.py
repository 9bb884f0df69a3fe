"""Create the first tables."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Triggers with which the database refuses to change the audit log.
REFUSALS = {
    "sqlite": [
        f"""CREATE TRIGGER audit_entry_no_{act} BEFORE {act} ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"""
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        """CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
        """CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
    ],
}


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('user', 'participant', 'system')", name=op.f("ck_audit_entry_actor_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_object", "audit_entry", ["object_kind", "object_id"], unique=False)
    op.create_index(op.f("ix_audit_entry_organisation_id"), "audit_entry", ["organisation_id"], unique=False)
    op.create_table(
        "card_kind",
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("label_sv", sa.String(length=60), nullable=False),
        sa.Column("label_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_card_kind")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_job_progress")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index(op.f("ix_job_state"), "job", ["state"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('municipality', 'association')", name=op.f("ck_organisation_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "accessibility_statement",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("conformance", sa.Text(), nullable=False),
        sa.Column("known_gaps", sa.Text(), nullable=False),
        sa.Column("how_tested", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_accessibility_statement_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_accessibility_statement")),
    )
    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "kind IN ('council', 'executive', 'committee', 'drafting')", name=op.f("ck_body_kind")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_body_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_body_organisation_id_name")),
    )
    op.create_table(
        "focus_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("purpose_progress", sa.Text(), nullable=False),
        sa.Column("purpose_collaboration", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'resting', 'ended')", name=op.f("ck_focus_area_status")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_focus_area_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focus_area")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_focus_area_organisation_id_name")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'moderator', 'official', 'politician')",
            name=op.f("ck_membership_role"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "user_id", "organisation_id", "role", name=op.f("uq_membership_user_id_organisation_id_role")
        ),
    )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False)
    op.create_table(
        "method",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name_sv", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("size_min", sa.Integer(), nullable=True),
        sa.Column("size_ideal", sa.Integer(), nullable=True),
        sa.Column("size_max", sa.Integer(), nullable=True),
        sa.Column("per_table_min", sa.Integer(), nullable=True),
        sa.Column("per_table_max", sa.Integer(), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("prompts", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("harvest", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_method_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_method_organisation_id_key")),
    )
    op.create_table(
        "participation_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label_sv", sa.String(length=80), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=False),
        sa.Column("promise_sv", sa.Text(), nullable=False),
        sa.Column("promise_en", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_participation_level_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation_level")),
        sa.UniqueConstraint(
            "organisation_id", "code", name=op.f("uq_participation_level_organisation_id_code")
        ),
    )
    op.create_table(
        "privacy_notice",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("controller", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_privacy_notice_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_privacy_notice")),
    )
    op.create_table(
        "area_responsible",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["focus_area.id"], name=op.f("fk_area_responsible_area_id_focus_area")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_responsible")),
    )
    op.create_index(op.f("ix_area_responsible_area_id"), "area_responsible", ["area_id"], unique=False)
    op.create_table(
        "dialogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("can_influence", sa.Text(), nullable=False),
        sa.Column("cannot_influence", sa.Text(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("target_group", sa.Text(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("official_id", sa.Integer(), nullable=True),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("case_number", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("cancelled_reason", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'cancelled' OR cancelled_reason <> ''", name=op.f("ck_dialogue_cancelled_reason")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'commissioned', 'planned', 'invited', 'running', 'collected', 'analysis', 'report', 'decision', 'answered', 'evaluated', 'closed', 'cancelled')",
            name=op.f("ck_dialogue_state"),
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_dialogue_body_id_body")),
        sa.ForeignKeyConstraint(
            ["level_id"], ["participation_level.id"], name=op.f("fk_dialogue_level_id_participation_level")
        ),
        sa.ForeignKeyConstraint(
            ["official_id"], ["user_account.id"], name=op.f("fk_dialogue_official_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_dialogue_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
    )
    op.create_index(op.f("ix_dialogue_organisation_id"), "dialogue", ["organisation_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint("role IN ('moderator', 'official')", name=op.f("ck_assignment_role")),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_assignment_dialogue_id_dialogue")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_assignment_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "user_id", "dialogue_id", "role", name=op.f("uq_assignment_user_id_dialogue_id_role")
        ),
    )
    op.create_index(op.f("ix_assignment_dialogue_id"), "assignment", ["dialogue_id"], unique=False)
    op.create_table(
        "dialogue_area",
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["focus_area.id"], name=op.f("fk_dialogue_area_area_id_focus_area")
        ),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_area_dialogue_id_dialogue")
        ),
        sa.PrimaryKeyConstraint("dialogue_id", "area_id", name=op.f("pk_dialogue_area")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("method_key", sa.String(length=40), nullable=False),
        sa.Column("method_name", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("attendance", sa.Integer(), nullable=True),
        sa.Column("attendance_basis", sa.String(length=20), nullable=False),
        sa.Column("completeness", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("join_code", sa.String(length=8), nullable=True),
        sa.Column("approval", sa.Boolean(), nullable=False),
        sa.Column("asks_name", sa.Boolean(), nullable=False),
        sa.Column("dots", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(attendance IS NULL) = (attendance_basis = 'unknown')", name=op.f("ck_meeting_attendance_known")
        ),
        sa.CheckConstraint(
            "attendance_basis IN ('counted', 'estimated', 'unknown')",
            name=op.f("ck_meeting_attendance_basis"),
        ),
        sa.CheckConstraint("form IN ('in_person', 'online', 'hybrid')", name=op.f("ck_meeting_form")),
        sa.CheckConstraint("state IN ('planned', 'open', 'closed')", name=op.f("ck_meeting_state")),
        sa.CheckConstraint("attendance IS NULL OR attendance >= 0", name=op.f("ck_meeting_attendance")),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_meeting_seq")),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_meeting_dialogue_id_dialogue")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name="fk_meeting_stage_id_stage", use_alter=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("join_code", name=op.f("uq_meeting_join_code")),
    )
    op.create_index(op.f("ix_meeting_dialogue_id"), "meeting", ["dialogue_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_reason <> ''", name=op.f("ck_report_withdrawn_reason")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'reviewed', 'published', 'withdrawn')", name=op.f("ck_report_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('published', 'withdrawn') OR published_at IS NOT NULL",
            name=op.f("ck_report_published_at"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_report_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_report_dialogue_id_dialogue")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["user_account.id"], name=op.f("fk_report_published_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["user_account.id"], name=op.f("fk_report_reviewed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("dialogue_id", "number", name=op.f("uq_report_dialogue_id_number")),
    )
    op.create_table(
        "display_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_display_link_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_display_link_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_display_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_display_link_token_hash")),
    )
    op.create_index(op.f("ix_display_link_meeting_id"), "display_link", ["meeting_id"], unique=False)
    op.create_table(
        "meeting_kind",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("kind_code", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["card_kind.code"], name=op.f("fk_meeting_kind_kind_code_card_kind")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_kind_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "kind_code", name=op.f("pk_meeting_kind")),
    )
    op.create_table(
        "meeting_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_table_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_table")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_meeting_table_meeting_id_number")),
    )
    op.create_table(
        "report_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_file_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("report_id", "format", name=op.f("uq_report_file_report_id_format")),
    )
    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("may_see", sa.Boolean(), nullable=False),
        sa.Column("may_move", sa.Boolean(), nullable=False),
        sa.Column("may_vote", sa.Boolean(), nullable=False),
        sa.Column("may_chat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_stage_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
    )
    op.create_index(op.f("ix_stage_meeting_id"), "stage", ["meeting_id"], unique=False)
    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('live', 'online')", name=op.f("ck_participant_channel")),
        sa.CheckConstraint("kind IN ('person', 'table')", name=op.f("ck_participant_kind")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_participant_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["meeting_table.id"], name=op.f("fk_participant_table_id_meeting_table")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_participant_token_hash")),
    )
    op.create_index("ix_participant_meeting", "participant", ["meeting_id", "removed_at"], unique=False)
    op.create_table(
        "table_area",
        sa.Column("table_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["focus_area.id"], name=op.f("fk_table_area_area_id_focus_area")
        ),
        sa.ForeignKeyConstraint(
            ["table_id"], ["meeting_table.id"], name=op.f("fk_table_area_table_id_meeting_table")
        ),
        sa.PrimaryKeyConstraint("table_id", "area_id", name=op.f("pk_table_area")),
    )
    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_hash", sa.String(length=64), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("area_source", sa.String(length=20), nullable=False),
        sa.Column("kind_code", sa.String(length=30), nullable=True),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("stands_for", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("lang", sa.String(length=20), nullable=True),
        sa.Column("dots", sa.Integer(), nullable=True),
        sa.Column("author_participant_id", sa.Integer(), nullable=True),
        sa.Column("author_user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_reason", sa.String(length=300), nullable=False),
        sa.Column("hidden_from", sa.String(length=20), nullable=True),
        sa.CheckConstraint("area_source IN ('author', 'staff', 'example')", name=op.f("ck_card_area_source")),
        sa.CheckConstraint(
            "channel IN ('live', 'online', 'paper', 'interview', 'import')", name=op.f("ck_card_channel")
        ),
        sa.CheckConstraint("state <> 'hidden' OR hidden_reason <> ''", name=op.f("ck_card_hidden_reason")),
        sa.CheckConstraint(
            "state IN ('shown', 'pending', 'held', 'hidden', 'withdrawn', 'merged')",
            name=op.f("ck_card_state"),
        ),
        sa.CheckConstraint(
            "(author_participant_id IS NULL) <> (author_user_id IS NULL)", name=op.f("ck_card_one_author")
        ),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name=op.f("ck_card_text_length")),
        sa.CheckConstraint("stands_for >= 1", name=op.f("ck_card_stands_for")),
        sa.ForeignKeyConstraint(["area_id"], ["focus_area.id"], name=op.f("fk_card_area_id_focus_area")),
        sa.ForeignKeyConstraint(
            ["author_participant_id"],
            ["participant.id"],
            name=op.f("fk_card_author_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["user_account.id"], name=op.f("fk_card_author_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(["kind_code"], ["card_kind.code"], name=op.f("fk_card_kind_code_card_kind")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_card_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["parent_id"], ["card.id"], name=op.f("fk_card_parent_id_card")),
        sa.ForeignKeyConstraint(
            ["table_id"], ["meeting_table.id"], name=op.f("fk_card_table_id_meeting_table")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("meeting_id", "uuid", name=op.f("uq_card_meeting_id_uuid")),
    )
    op.create_index(op.f("ix_card_area_id"), "card", ["area_id"], unique=False)
    op.create_index(op.f("ix_card_author_participant_id"), "card", ["author_participant_id"], unique=False)
    op.create_index("ix_card_meeting_seq", "card", ["meeting_id", "seq"], unique=True)
    op.create_table(
        "card_area",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["focus_area.id"], name=op.f("fk_card_area_area_id_focus_area")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_area_card_id_card")),
        sa.PrimaryKeyConstraint("card_id", "area_id", name=op.f("pk_card_area")),
    )
    op.create_table(
        "vote",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("dots", sa.Integer(), nullable=False),
        sa.CheckConstraint("dots > 0", name=op.f("ck_vote_dots")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_vote_card_id_card")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_vote_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("participant_id", "card_id", name=op.f("pk_vote")),
    )
    op.create_index(op.f("ix_vote_card_id"), "vote", ["card_id"], unique=False)

    dialect = op.get_bind().dialect.name
    if dialect != "sqlite":
        # Meeting and stage refer to each other; SQLite creates the key with the table.
        op.create_foreign_key("fk_meeting_stage_id_stage", "meeting", "stage", ["stage_id"], ["id"])
    for statement in REFUSALS[dialect]:
        op.execute(statement)
    op.bulk_insert(
        sa.table("installation", sa.column("id", sa.Integer), sa.column("epoch", sa.String)),
        [{"id": 1, "epoch": secrets.token_hex(8)}],
    )


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect != "sqlite":
        op.drop_constraint("fk_meeting_stage_id_stage", "meeting", type_="foreignkey")
    op.drop_index(op.f("ix_vote_card_id"), table_name="vote")
    op.drop_table("vote")
    op.drop_table("card_area")
    op.drop_index("ix_card_meeting_seq", table_name="card")
    op.drop_index(op.f("ix_card_author_participant_id"), table_name="card")
    op.drop_index(op.f("ix_card_area_id"), table_name="card")
    op.drop_table("card")
    op.drop_table("table_area")
    op.drop_index("ix_participant_meeting", table_name="participant")
    op.drop_table("participant")
    op.drop_index(op.f("ix_stage_meeting_id"), table_name="stage")
    op.drop_table("stage")
    op.drop_table("report_file")
    op.drop_table("meeting_table")
    op.drop_table("meeting_kind")
    op.drop_index(op.f("ix_display_link_meeting_id"), table_name="display_link")
    op.drop_table("display_link")
    op.drop_table("report")
    op.drop_index(op.f("ix_meeting_dialogue_id"), table_name="meeting")
    op.drop_table("meeting")
    op.drop_table("dialogue_area")
    op.drop_index(op.f("ix_assignment_dialogue_id"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_index(op.f("ix_dialogue_organisation_id"), table_name="dialogue")
    op.drop_table("dialogue")
    op.drop_index(op.f("ix_area_responsible_area_id"), table_name="area_responsible")
    op.drop_table("area_responsible")
    op.drop_table("privacy_notice")
    op.drop_table("participation_level")
    op.drop_table("method")
    op.drop_index(op.f("ix_membership_organisation_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_table("focus_area")
    op.drop_table("body")
    op.drop_table("accessibility_statement")
    op.drop_table("user_account")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_job_state"), table_name="job")
    op.drop_table("job")
    op.drop_table("installation")
    op.drop_table("card_kind")
    op.drop_index(op.f("ix_audit_entry_organisation_id"), table_name="audit_entry")
    op.drop_index("ix_audit_entry_object", table_name="audit_entry")
    op.drop_table("audit_entry")

    if dialect == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuse()")
