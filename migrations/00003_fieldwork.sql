-- +goose Up

-- Fieldwork: what was sent, called and came back.

-- The ladder and the calendar of a study; empty for the defaults. A stopped
-- study sends nothing: the kill switch of one study (standards M7).
alter table register.study
	add column plan jsonb not null default '{}',
	add column calendar jsonb not null default '{}',
	add column stopped timestamptz,
	add column stop_reason text not null default '';

-- What is known of an address beside the address (standards W7, M3, M5).
alter table contact.contact
	add column source_date date,
	add column added_by text not null default '',
	add column opted_out timestamptz,
	add column bounced timestamptz, -- mail does not arrive
	add column bounce_reason text not null default '',
	add column soft_bounces int not null default 0,
	add column replaces bigint references contact.contact;
create index contact_email on contact.contact (lower(email)) where email <> '';

-- A message or letter to a contact. It says nothing about a person: what it said
-- and to which address stands in contact.body.
create table field.message (
	id       bigint generated always as identity primary key,
	study    bigint not null references register.study,
	unit     bigint not null references register.unit,
	contact  bigint not null references contact.contact,
	step     text, -- null outside the ladder
	channel  text not null check (channel in ('mail', 'letter')),
	template text not null,
	domain   text not null default '', -- that receives it, for the throttle
	state    text not null default 'klaar' check (state in ('klaar', 'bezig', 'verstuurd', 'onzeker', 'onbestelbaar', 'ingetrokken')),
	queued   timestamptz not null,
	due      timestamptz not null, -- not before
	attempts int not null default 0,
	claim    text, -- the sender that has it; one that died holds no lock on this name
	begun    timestamptz, -- marked bezig, right before it could exist elsewhere
	done     timestamptz, -- verstuurd, onzeker, onbestelbaar or ingetrokken
	reply    text not null default '', -- of the server, or why it was withdrawn
	batch    bigint, -- of letters
	actor    text not null,
	actor_id bigint,
	event    bigint references field.event -- of sending
);
create unique index message_step on field.message (contact, step, channel) where step is not null;
-- One live message per unit, step and channel: a bounce or withdrawal frees it.
create unique index message_live on field.message (unit, step, channel) where step is not null and state in ('klaar', 'bezig', 'verstuurd', 'onzeker');
create index message_waiting on field.message (due, id) where state in ('klaar', 'bezig');
create index message_unit on field.message (unit);
create index message_study on field.message (study, state);

-- The links that a message brought: they go when it certainly was not sent, or is
-- printed again.
alter table contact.link add column message bigint references field.message;
create index link_message on contact.link (message) where message is not null;

-- What a message said, with placeholders for link and code. It goes when the
-- person is erased.
create table contact.body (
	message bigint primary key references field.message on delete cascade,
	address text not null default '',
	name    text not null default '',
	subject text not null default '',
	text    text not null default '',
	extra   jsonb not null default '{}' -- fields that only this message has, such as the name of a colleague
);

-- Letters that were printed together.
create table field.batch (
	id    bigint generated always as identity primary key,
	study bigint not null references register.study,
	made  timestamptz not null,
	sent  timestamptz, -- "verstuurd op"
	n     int not null,
	actor text not null,
	actor_id bigint
);
alter table field.message add foreign key (batch) references field.batch;

-- One rate over all instances: a bucket of tokens for the whole, key '', and one
-- for each receiving domain. sending is a single row; while it is locked, no
-- message leaves, as after a restore.
create table field.sending (
	one         boolean primary key default true check (one),
	rate        int not null default 60 check (rate between 1 and 60000), -- per minute
	domain_rate int not null default 30 check (domain_rate between 1 and 60000),
	locked      timestamptz,
	reason      text not null default ''
);
insert into field.sending default values;
create table field.throttle (
	key    text primary key,
	tokens double precision not null,
	at     timestamptz not null
);

-- Calls (standards W5). While one is under way the unit is reserved: two
-- fieldworkers never get the same. What was said stands in contact.call_note.
create table field.reservation (
	unit    bigint primary key references register.unit,
	account bigint not null references staff.account,
	until   timestamptz not null
);
create table field.call (
	id      bigint generated always as identity primary key,
	unit    bigint not null references register.unit,
	contact bigint references contact.contact,
	step    text, -- of the ladder, null when it was not due
	account bigint not null references staff.account,
	at      timestamptz not null,
	outcome text not null, -- kind of the event
	reached boolean not null,
	again   timestamptz, -- an appointment: call again then
	event   bigint not null references field.event
);
create index call_unit on field.call (unit, at);
create table contact.call_note (
	call bigint primary key references field.call on delete cascade,
	text text not null
);

-- What came in by mail. Without message it proves nothing about anybody.
create table contact.incoming (
	id       bigint generated always as identity primary key,
	key      text not null constraint incoming_key unique,
	received timestamptz not null,
	kind     text not null check (kind in ('report', 'unsubscribe', 'autoreply', 'reply')),
	message  bigint references field.message on delete set null,
	unit     bigint references register.unit,
	contact  bigint references contact.contact on delete set null,
	sender   text not null default '',
	subject  text not null default '',
	text     text not null default '',
	effect   text not null default '', -- what it changed, in a sentence
	warnings text[] not null default '{}',
	handled  timestamptz,
	handled_by bigint references staff.account
);
create index incoming_unit on contact.incoming (unit);
create index incoming_open on contact.incoming (received) where handled is null;

-- The built-in inbox, where no mail server is set.
create table contact.inbox (
	id       bigint generated always as identity primary key,
	received timestamptz not null,
	sender   text not null,
	recipients text[] not null,
	subject  text not null default '',
	data     bytea not null
);

-- Addresses that want no more mail or were erased, as a keyed hash: they are not
-- added again.
create table contact.suppressed (
	hash  bytea primary key,
	since timestamptz not null,
	why   text not null check (why in ('afgemeld', 'gewist'))
);

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert, update, delete on field.message, field.batch, field.throttle, field.reservation, field.call, field.sending to fieldwork;
	grant select, insert, update, delete on contact.body, contact.call_note, contact.incoming, contact.inbox, contact.suppressed to fieldwork;
	-- A questionnaire may queue a message, and an unsubscribe link stops them.
	grant select, insert, update on field.message to collect;
	grant insert on contact.body to collect;
	grant select, insert on contact.suppressed to collect;
	grant select on field.sending to collect;
end $$;
-- +goose StatementEnd

-- +goose Down
alter table contact.link drop column message;
drop table contact.suppressed, contact.inbox, contact.incoming, contact.call_note, field.call, field.reservation, field.throttle, field.sending, contact.body, field.message, field.batch;
drop index contact.contact_email;
alter table contact.contact drop column replaces, drop column soft_bounces, drop column bounce_reason, drop column bounced, drop column opted_out, drop column added_by, drop column source_date;
alter table register.study drop column stop_reason, drop column stopped, drop column calendar, drop column plan;
