-- +goose Up

-- A file with expectations that somebody added to a study. What it says never
-- changes: another text is another file. It can be removed until a snapshot was made
-- or the study closed; after that it can only be withdrawn, with a reason, and stays
-- to be seen.
create table analysis.register (
	id        bigint generated always as identity primary key,
	study     bigint not null references register.study,
	name      text not null check (name <> ''), -- id of the register in the file
	title     text not null,
	source    bytea not null,
	hash      text not null,                    -- SHA-256 of source, in hex
	added     timestamptz not null,
	actor     text not null,
	actor_id  bigint,
	by_name   text not null default '',         -- as the page shows who it was
	withdrawn timestamptz,
	why       text not null default '' check ((why = '') = (withdrawn is null))
);
create unique index register_name on analysis.register (study, lower(name)) where withdrawn is null;

-- +goose StatementBegin
create function analysis.keep_register() returns trigger language plpgsql as $$
begin
	if old.withdrawn is null and new.withdrawn is not null and
		(to_jsonb(new) - 'withdrawn' - 'why') = (to_jsonb(old) - 'withdrawn' - 'why') then
		return new;
	end if;
	raise exception 'an expectation never changes once it was put down' using errcode = 'restrict_violation';
end $$;
-- +goose StatementEnd
create trigger register_keep before update on analysis.register for each row execute function analysis.keep_register();

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert, delete on analysis.register to analysis;
	grant update (withdrawn, why) on analysis.register to analysis;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table analysis.register;
drop function analysis.keep_register();
