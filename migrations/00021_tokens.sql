-- +goose Up

-- A token lets a program read one study, for the member of staff who made it.
-- Only the hash of the secret is kept.
create table staff.token (
	id      bigint generated always as identity primary key,
	study   bigint not null references register.study,
	account bigint not null references staff.account,
	name    text not null check (name <> ''),
	scopes  text[] not null check (scopes <@ array['monitoring', 'codebook', 'tables', 'data'] and cardinality(scopes) > 0),
	hash    bytea not null constraint token_hash unique,
	made    timestamptz not null,
	expires timestamptz not null,
	ended   timestamptz,
	why     text not null default ''
);
create unique index token_name on staff.token (study, lower(name)) where ended is null;

-- What was read with it, per day. The first time of each is in the audit log.
create table staff.token_day (
	token    bigint not null references staff.token,
	day      date not null, -- in Amsterdam
	what     text not null,
	latest   timestamptz not null,
	requests int not null,
	primary key (token, day, what)
);

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert, update on staff.token, staff.token_day to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table staff.token_day, staff.token;
