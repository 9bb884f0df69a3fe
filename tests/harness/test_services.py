"""PostgreSQL and Redis of the tests can be used, broken and repaired."""

from pathlib import Path

import redis
import sqlalchemy as sa

from tests.services import Postgres, Redis


def test_postgres_gives_each_test_a_database_of_its_own(postgres: Postgres) -> None:
    first, second = (sa.create_engine(postgres.url(postgres.new_database())) for _ in range(2))
    with first.begin() as connection:
        connection.execute(sa.text("CREATE TABLE thing (id int)"))
    assert sa.inspect(first).get_table_names() == ["thing"]
    assert sa.inspect(second).get_table_names() == []
    first.dispose()
    second.dispose()


def test_postgres_keeps_its_data_over_a_restart() -> None:
    postgres = Postgres()
    engine = sa.create_engine(postgres.url(postgres.new_database()), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE thing (id int)"))
    postgres.restart()
    assert sa.inspect(engine).get_table_names() == ["thing"]
    postgres.stop()


def test_redis_forgets_when_killed(tmp_path: Path) -> None:
    server = Redis(tmp_path)
    with redis.Redis.from_url(server.url) as client:
        client.set("key", "value")
        server.kill()
        server.start()
        assert client.get("key") is None
    server.stop()
