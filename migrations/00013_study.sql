-- +goose Up

-- A study on hold: respondents cannot go on until it is resumed. Sending has its
-- own stop.
alter table register.study add column held timestamptz;

-- What happened to a study as a whole. Decisions look here (is the dry run still
-- about this register?), so it does not share the fate of the audit log, which
-- is a trail and has a term.
create table register.study_event (
	id       bigint generated always as identity primary key,
	study    bigint not null references register.study,
	kind     text not null,
	at       timestamptz not null,
	actor    text not null,
	actor_id bigint,
	reason   text not null default '',
	detail   jsonb not null default '{}'
);
create index study_event_study on register.study_event (study, at);
create trigger study_event_keep before update or delete on register.study_event for each row execute function answer.keep();
create trigger study_event_keep_all before truncate on register.study_event for each statement execute function answer.keep();

-- What the audit log tells of studies that are older than this table.
insert into register.study_event (study, kind, at, actor, actor_id, reason, detail)
select study, action, at, actor, actor_id, coalesce(detail->>'reden', ''), detail - 'reden' from staff.audit
where study is not null and action in ('onderzoek gemaakt', 'veldwerk vrijgegeven', 'versturen stopgezet', 'versturen hervat') order by id;

-- The audit log of a study as its time line may show it: what was done to it,
-- not to one unit or person. Nobody else may read the log itself.
create view staff.study_log as
	select id, at, actor, study, action, object, detail from staff.audit where study is not null;

-- A register file on its way in. It holds names and addresses, so it stands
-- beside them, and goes when it is read in, dropped or forgotten.
create table contact.upload (
	study    bigint not null references register.study,
	audience text not null, -- '' for the file of areas
	name     text not null, -- of the file
	data     bytea not null,
	meaning  jsonb, -- of each column; null before somebody looked
	made     timestamptz not null,
	account  bigint references staff.account,
	primary key (study, audience)
);

-- Background columns that a researcher made of others, and by what rule.
alter table register.instrument add column recodes jsonb not null default '[]';

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert on register.study_event to fieldwork;
	grant select on staff.study_log to fieldwork;
	grant select, insert, update, delete on contact.upload to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop view staff.study_log;
drop table contact.upload, register.study_event;
alter table register.instrument drop column recodes;
alter table register.study drop column held;
