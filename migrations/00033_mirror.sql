-- +goose Up

-- That the spiegelrapporten of an audience were announced, and of which snapshot
-- they are made. Their links are those of the messages that announced them.
create table register.mirror (
	id        bigint generated always as identity primary key,
	study     bigint not null references register.study,
	audience  text not null,
	snapshot  text not null,
	announced timestamptz not null,
	actor     text not null,
	actor_id  bigint,
	constraint mirror_once unique (study, audience)
);

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert on register.mirror to fieldwork;
	grant select on register.mirror to collect;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table register.mirror;
