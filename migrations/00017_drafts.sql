-- +goose Up

-- A draft is an edition of a questionnaire in the making. What it says is in its
-- versions; when a second person approved the last one, nothing of it changes any
-- more.
create table register.draft (
	id       bigint generated always as identity primary key,
	name     text not null default '', -- of the instrument, as the last readable version says
	edition  text not null default '',
	title    text not null default '',
	basis    text not null default '', -- what it began with, in words
	missed   text[] not null default '{}', -- what did not come along when it was read from another program
	stage    text not null default 'concept' check (stage in ('concept', 'ter goedkeuring', 'goedgekeurd', 'weggelegd')),
	version  int not null default 0, -- the last one
	made     timestamptz not null,
	approved timestamptz,
	approver bigint, -- account
	check ((stage = 'goedgekeurd') = (approved is not null) and (stage = 'goedgekeurd') = (approver is not null))
);
create unique index draft_approved on register.draft (name, edition) where stage = 'goedgekeurd';

create table register.draft_version (
	draft    bigint not null references register.draft,
	number   int not null check (number > 0),
	text     text not null,
	hash     text not null,
	at       timestamptz not null,
	actor    text not null,
	actor_id bigint,
	note     text not null default '',
	primary key (draft, number)
);
create index draft_version_hash on register.draft_version (hash);
create trigger draft_version_keep before update or delete on register.draft_version for each row execute function answer.keep();

-- What people decided about a version, and what they remarked.
create table register.draft_step (
	id       bigint generated always as identity primary key,
	draft    bigint not null references register.draft,
	version  int not null,
	step     text not null check (step in ('voorgesteld', 'teruggestuurd', 'goedgekeurd', 'weggelegd', 'teruggehaald')),
	at       timestamptz not null,
	actor    text not null,
	actor_id bigint,
	remark   text not null default '',
	foreign key (draft, version) references register.draft_version (draft, number)
);
create index draft_step_draft on register.draft_step (draft);
create trigger draft_step_keep before update or delete on register.draft_step for each row execute function answer.keep();

-- +goose StatementBegin
create function register.keep_draft() returns trigger language plpgsql as $$
begin
	if tg_op = 'DELETE' then
		raise exception 'a draft is never deleted' using errcode = 'restrict_violation';
	end if;
	if old.stage = 'goedgekeurd' then
		raise exception 'an approved questionnaire never changes' using errcode = 'restrict_violation';
	end if;
	if new.stage = 'goedgekeurd' and (old.version <> new.version or
		exists (select from register.draft_version v where v.draft = new.id and v.number = new.version and v.actor_id = new.approver)) then
		raise exception 'who made the last version does not approve it' using errcode = 'restrict_violation';
	end if;
	return new;
end $$;
-- +goose StatementEnd
create trigger draft_keep before update or delete on register.draft for each row execute function register.keep_draft();

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert, update on register.draft to fieldwork;
	grant select, insert on register.draft_version, register.draft_step to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table register.draft_step, register.draft_version, register.draft;
drop function register.keep_draft();
