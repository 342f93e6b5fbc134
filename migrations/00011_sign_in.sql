-- +goose Up

-- How somebody proves who they are. A one-time link is a way in, and no such proof.
create table staff.password (
	account bigint primary key references staff.account,
	hash    text not null, -- argon2id, as a PHC string
	made    timestamptz not null
);
create table staff.app (
	account bigint primary key references staff.account,
	secret  bytea not null, -- sealed with the secret of the installation, which no backup holds
	step    bigint not null, -- of the last code that was used
	made    timestamptz not null
);
create table staff.recovery (
	account bigint not null references staff.account,
	hash    bytea not null,
	used    timestamptz,
	primary key (account, hash)
);
create table staff.passkey (
	id         bigint generated always as identity primary key,
	account    bigint not null references staff.account,
	credential bytea not null unique, -- its id, as the device says it
	name       text not null,
	record     jsonb not null, -- the public key and its state
	made       timestamptz not null,
	used       timestamptz
);
create index passkey_account on staff.passkey (account);
-- Who an organisation says somebody is: never by address (standards Q2).
create table staff.identity (
	issuer  text not null,
	subject text not null,
	account bigint not null references staff.account,
	made    timestamptz not null,
	primary key (issuer, subject)
);
create index identity_account on staff.identity (account);

alter table staff.account
	add column handle uuid not null default gen_random_uuid(), -- what a passkey calls the account
	add column seen timestamptz, -- when they last signed in
	add column alarms timestamptz not null default 'epoch'; -- emergency access until then was told to this beheerder
create unique index account_handle on staff.account (handle);

alter table staff.login_link
	add column kind text not null default 'link' check (kind in ('link', 'uitnodiging', 'noodtoegang'));
create index login_link_account on staff.login_link (account);

alter table staff.session
	add column id     bigint generated always as identity,
	add column method text not null default 'link',
	add column proved timestamptz, -- when they last showed who they are, by another way than a link
	add column agent  text not null default '',
	add column origin text not null default '';
create unique index session_id on staff.session (id);
create index session_account on staff.session (account);

-- What a browser must come back with: the challenge of a passkey, the state of a
-- sign-in elsewhere. Each works once.
create table staff.ceremony (
	hash    bytea primary key, -- of the cookie of the browser that began
	kind    text not null,
	account bigint references staff.account,
	record  jsonb not null,
	expires timestamptz not null
);

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert, update, delete on staff.password, staff.app, staff.recovery, staff.passkey, staff.identity, staff.ceremony to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table staff.ceremony, staff.identity, staff.passkey, staff.recovery, staff.app, staff.password;
alter table staff.session drop column origin, drop column agent, drop column proved, drop column method, drop column id;
alter table staff.login_link drop column kind;
alter table staff.account drop column alarms, drop column seen, drop column handle;
