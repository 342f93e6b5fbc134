-- +goose Up

-- Consent to be approached again: the only thing in a study that rests on consent
-- (standards V2). It stands apart from the answers, with the words that were agreed
-- to and how to reach who agreed.
create table contact.consent (
	id        bigint generated always as identity primary key,
	unit      bigint not null references register.unit,
	response  bigint not null references answer.response,
	contact   bigint references contact.contact,
	variable  text not null,
	question  text not null, -- as it was asked
	given     timestamptz not null,
	withdrawn timestamptz,
	name      text not null default '',
	email     text not null default '',
	phone     text not null default ''
);
create unique index consent_open on contact.consent (response, variable) where withdrawn is null;
create index consent_unit on contact.consent (unit);

-- What somebody decided of an open answer that seems to hold personal data.
create table answer.review (
	response bigint not null references answer.response on delete cascade,
	variable text not null,
	decision text not null check (decision in ('blijft', 'gewist')),
	at       timestamptz not null,
	account  bigint references staff.account,
	primary key (response, variable)
);

-- What the retention clock removed, and when.
create table staff.retention (
	id    bigint generated always as identity primary key,
	at    timestamptz not null,
	study bigint references register.study,
	class text not null,
	n     integer not null check (n > 0)
);
create index retention_study on staff.retention (study, at);
create trigger retention_keep before update or delete on staff.retention for each row execute function answer.keep();
create trigger retention_keep_all before truncate on staff.retention for each statement execute function answer.keep();

-- The screening whether a study needs a DPIA (standards V3): each time it is done is
-- a row.
create table register.screening (
	id       bigint generated always as identity primary key,
	study    bigint not null references register.study,
	at       timestamptz not null,
	account  bigint references staff.account,
	ticked   text[] not null default '{}',
	note     text not null default '',
	outcome  text not null
);
create index screening_study on register.screening (study, at);

create index audit_at on staff.audit (at desc, id desc);
create index audit_study on staff.audit (study, at desc);

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert, update on contact.consent to collect;
	grant select, insert, update, delete on contact.consent to fieldwork;
	grant select, insert, update, delete on answer.review to fieldwork;
	grant select, insert on staff.retention, register.screening to fieldwork;
	-- Who searches the audit log can still only add to it.
	grant select on staff.audit to audit;
end $$;
-- +goose StatementEnd

-- +goose Down
drop index staff.audit_study;
drop index staff.audit_at;
drop table register.screening, staff.retention, answer.review, contact.consent;
-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) = 4 then
		revoke select on staff.audit from audit;
	end if;
end $$;
-- +goose StatementEnd
