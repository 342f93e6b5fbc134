-- +goose Up

-- Group roles by sensitivity (DESIGN 4). They cannot log in; the role that
-- serves is a member and takes one on in each transaction. Where the owner may
-- not create roles, the site runs without them and /readyz says so.
-- +goose StatementBegin
do $$
declare r text;
begin
	foreach r in array array['collect', 'fieldwork', 'analysis', 'audit'] loop
		if not exists (select from pg_roles where rolname = r) then
			begin
				execute format('create role %I nologin', r);
				execute format('grant %I to current_user', r);
			exception when insufficient_privilege then
				raise notice 'role % cannot be created here', r;
			end;
		end if;
	end loop;
end $$;
-- +goose StatementEnd

create schema register;
create schema contact;
create schema field;
create schema answer;
create schema analysis;
create schema staff;

-- register: what is studied -------------------------------------------------

create table register.study (
	id         bigint generated always as identity primary key,
	slug       text not null constraint study_slug unique,
	title      text not null,
	definition text not null,
	opens      timestamptz not null,
	closes     timestamptz not null,
	settings   jsonb not null default '{}',
	made       timestamptz not null,
	released   timestamptz,
	constraint study_period check (opens < closes)
);

-- An instrument as fielded in a study: the exact source, frozen.
create table register.instrument (
	study   bigint not null references register.study,
	name    text not null,
	edition text not null,
	source  text not null,
	hash    text not null, -- SHA-256 of the source
	strata  text[] not null default '{}',
	columns jsonb not null default '[]', -- background columns of the register, in order
	primary key (study, name)
);

create table register.organisation (
	id         bigint generated always as identity primary key,
	kind       text not null,
	code       text not null,
	name       text not null default '',
	valid_from date,
	valid_to   date,
	constraint organisation_code unique (kind, code)
);

create table register.succession (
	predecessor bigint not null references register.organisation,
	successor   bigint not null references register.organisation,
	primary key (predecessor, successor)
);

-- Which gemeenten a samenwerkingsverband works in: n to m.
create table register.area (
	swv      bigint not null references register.organisation,
	gemeente bigint not null references register.organisation,
	extent   text not null check (extent in ('geheel', 'deel', 'onbekend')),
	primary key (swv, gemeente)
);
create index area_gemeente on register.area (gemeente);

create table register.unit (
	id           bigint generated always as identity primary key,
	study        bigint not null,
	audience     text not null,
	organisation bigint not null references register.organisation,
	code         text not null, -- as at the reference date
	name         text not null default '',
	background   jsonb not null default '{}',
	pseudonym    text not null constraint unit_pseudonym unique,
	listed       boolean not null default true, -- in the latest register file
	added        timestamptz not null,
	foreign key (study, audience) references register.instrument (study, name),
	constraint unit_code unique (study, audience, code)
);
create index unit_organisation on register.unit (organisation);

-- contact: persons, addresses, links ----------------------------------------

create table contact.contact (
	id       bigint generated always as identity primary key,
	unit     bigint not null references register.unit,
	salutation text not null default '',
	name     text not null default '',
	role     text not null default '', -- function within the organisation
	email    text not null default '',
	phone    text not null default '',
	address  text not null default '',
	source   text not null default '',
	general  boolean not null default false,
	added    timestamptz not null,
	ended    timestamptz,
	end_note text not null default ''
);
create index contact_unit on contact.contact (unit);

-- Only the hash of a link is kept.
create table contact.link (
	id      bigint generated always as identity primary key,
	contact bigint not null references contact.contact,
	hash    bytea not null constraint link_hash unique,
	purpose text not null default 'lijst',
	made    timestamptz not null,
	revoked timestamptz,
	reason  text not null default ''
);
create index link_contact on contact.link (contact);

create table contact.session (
	hash    bytea primary key,
	made    timestamptz not null,
	seen    timestamptz not null
);
create index session_seen on contact.session (seen);

-- field: what happened to a unit ----------------------------------------------

create table field.event (
	id       bigint generated always as identity primary key,
	unit     bigint not null references register.unit,
	kind     text not null,
	occurred timestamptz not null,
	recorded timestamptz not null,
	channel  text not null default '',
	actor    text not null, -- respondent, staff, system
	actor_id bigint,
	note     text not null default '',
	recalls  bigint references field.event
);
create index event_unit on field.event (unit, occurred);

-- answer ----------------------------------------------------------------------

create table answer.response (
	id         bigint generated always as identity primary key,
	key        text not null constraint response_key unique, -- in the address; no secret
	study      bigint not null,
	audience   text not null,
	unit       bigint not null references register.unit,
	edition    text not null,
	version    int not null default 0,
	state      jsonb not null default '{}',
	passed     text[] not null default '{}',
	sent       timestamptz, -- latest submission
	reopened   timestamptz, -- being corrected after sending
	mode       text not null default 'web' check (mode in ('web', 'tel', 'paper')),
	made       timestamptz not null,
	started    timestamptz,
	saved      timestamptz,
	foreign key (study, audience) references register.instrument (study, name)
);
-- One own response per unit.
create unique index response_unit on answer.response (unit);

create table answer.coverage (
	id        bigint generated always as identity primary key,
	unit      bigint not null references register.unit,
	response  bigint not null references answer.response,
	own       boolean not null,
	counting  boolean not null,
	claimed   timestamptz not null,
	confirmed timestamptz,
	confirmed_by text not null default '',
	withdrawn timestamptz,
	reason    text not null default '',
	constraint coverage_pair unique (unit, response)
);
create unique index coverage_counting on answer.coverage (unit) where counting;
create index coverage_response on answer.coverage (response);

create table answer.granted (
	session  bytea not null references contact.session on delete cascade,
	response bigint not null references answer.response,
	contact  bigint not null references contact.contact,
	link     bigint not null references contact.link,
	made     timestamptz not null,
	primary key (session, response)
);

-- The log. Nobody changes it; a test holds that the state follows from it.
create table answer.save (
	id       bigint generated always as identity primary key,
	response bigint not null references answer.response,
	version  int not null,
	request  text not null, -- what was posted, as a hash
	rendering text not null default '', -- the page that posted it
	actor    text not null,
	actor_id bigint,
	mode     text not null,
	at       timestamptz not null,
	page     text not null,
	action   text not null,
	changed  jsonb not null,
	refused  jsonb not null default '[]', -- what lost a conflict; nothing typed is thrown away
	constraint save_version unique (response, version)
);
create index save_rendering on answer.save (response, rendering);

create table answer.submission (
	id       bigint generated always as identity primary key,
	response bigint not null references answer.response,
	revision int not null,
	status   text not null check (status in ('submitted', 'partial', 'kernvragen')),
	at       timestamptz not null,
	late     boolean not null default false,
	actor    text not null,
	actor_id bigint,
	mode     text not null,
	reason   text not null default '',
	receipt  text not null constraint submission_receipt unique,
	version  int not null, -- of the response
	answers  jsonb not null,
	constraint submission_revision unique (response, revision)
);

-- +goose StatementBegin
create function answer.keep() returns trigger language plpgsql as $$
begin
	raise exception '% on %.% is not allowed: it is a log', tg_op, tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;
-- +goose StatementEnd
create trigger save_keep before update or delete on answer.save for each row execute function answer.keep();
create trigger submission_keep before update or delete on answer.submission for each row execute function answer.keep();

-- staff -------------------------------------------------------------------------

create table staff.account (
	id    bigint generated always as identity primary key,
	email text not null,
	name  text not null default '',
	role  text not null check (role in ('projectleider', 'onderzoeker', 'veldwerker', 'codeur', 'lezer', 'beheerder')),
	added timestamptz not null,
	ended timestamptz
);
create unique index account_email on staff.account (lower(email));

create table staff.login_link (
	hash    bytea primary key,
	account bigint not null references staff.account,
	made    timestamptz not null,
	expires timestamptz not null,
	used    timestamptz
);

create table staff.session (
	hash    bytea primary key,
	account bigint not null references staff.account,
	made    timestamptz not null,
	seen    timestamptz not null
);

-- Failed attempts by kind and origin; valid visits are never counted.
create table staff.attempt (
	kind    text not null,
	origin  text not null,
	since   timestamptz not null,
	failed  int not null,
	primary key (kind, origin)
);

create table staff.audit (
	id     bigint generated always as identity primary key,
	at     timestamptz not null,
	actor  text not null,
	actor_id bigint,
	study  bigint references register.study,
	action text not null,
	object text not null default '',
	detail jsonb not null default '{}'
);
create trigger audit_keep before update or delete on staff.audit for each row execute function answer.keep();

-- grants --------------------------------------------------------------------------
-- collect: the questionnaire. fieldwork: the register and who is approached.
-- analysis: answers without persons. audit: may add to the audit log, no more.

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant usage on schema register, contact, field, answer, staff to collect;
	grant select on register.study, register.instrument, register.organisation, register.unit to collect;
	grant select on contact.contact, contact.link to collect;
	grant select, insert, update, delete on contact.session to collect;
	grant select, insert on field.event to collect;
	grant select, insert, update on answer.response, answer.coverage to collect;
	grant select, insert, update, delete on answer.granted to collect;
	grant select, insert on answer.save, answer.submission to collect;
	grant select, insert, update, delete on staff.attempt to collect;

	grant usage on schema register, contact, field, answer, staff to fieldwork;
	grant select, insert, update on all tables in schema register to fieldwork;
	grant select, insert, update, delete on register.area to fieldwork;
	grant select, insert, update, delete on contact.contact, contact.link to fieldwork;
	grant select, insert on field.event to fieldwork;
	grant select, insert, update on answer.response, answer.coverage to fieldwork;
	grant select on answer.save, answer.submission to fieldwork;
	grant insert on answer.save, answer.submission to fieldwork;
	grant select, insert, update, delete on staff.account, staff.login_link, staff.session, staff.attempt to fieldwork;

	grant usage on schema register, answer, analysis to analysis;
	grant select on all tables in schema register to analysis;
	grant select on answer.response, answer.coverage, answer.submission to analysis;
	grant select, insert, update, delete on all tables in schema analysis to analysis;

	grant select on public.goose_db_version to public;
	grant usage on schema staff to audit, collect, fieldwork;
	grant insert on staff.audit to audit, collect, fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop schema staff, analysis, answer, field, contact, register cascade;
