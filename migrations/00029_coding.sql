-- +goose Up

-- Every version of a code frame, with the change that made it. Nothing is
-- overwritten: a code that is merged or split stays, with what it became.
create table analysis.frame (
	study    bigint not null references register.study,
	audience text not null,
	variable text not null,
	version  int not null check (version > 0),
	at       timestamptz not null,
	account  bigint references staff.account,
	frame    jsonb not null,
	edit     jsonb not null,
	primary key (study, audience, variable, version)
);
create trigger frame_keep before update or delete on analysis.frame for each row execute function answer.keep();
create trigger frame_keep_all before truncate on analysis.frame for each statement execute function answer.keep();

-- Which codes a coder, or who decided, gave to an answer. The last one of a coder
-- counts. The answer itself stays where it is: revision says which one was read, and
-- what is changed afterwards is to be coded again.
create table analysis.assignment (
	id       bigint generated always as identity primary key,
	study    bigint not null references register.study,
	audience text not null,
	variable text not null,
	response bigint not null references answer.response,
	revision int not null,
	coder    bigint not null references staff.account,
	at       timestamptz not null,
	version  int not null,
	codes    text[] not null,
	none     boolean not null,
	doubt    boolean not null default false,
	decision boolean not null default false,
	foreign key (study, audience, variable, version) references analysis.frame,
	check (none = (codes = '{}'))
);
create index assignment_variable on analysis.assignment (study, audience, variable, id);
create index assignment_response on analysis.assignment (response);

-- +goose StatementBegin
create function analysis.keep_assignment() returns trigger language plpgsql as $$
begin
	if tg_op = 'DELETE' and (select answers_erased is not null from register.study where id = old.study) then
		return old;
	end if;
	raise exception '% on %.% is not allowed: it is a log', tg_op, tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;
-- +goose StatementEnd
create trigger assignment_keep before update or delete on analysis.assignment for each row execute function analysis.keep_assignment();
create trigger assignment_keep_all before truncate on analysis.assignment for each statement execute function answer.keep();

-- A quote from an answer as somebody found it fit to publish. How it was written
-- stays in the answer.
create table analysis.quote (
	id        bigint generated always as identity primary key,
	study     bigint not null references register.study,
	audience  text not null,
	variable  text not null,
	response  bigint not null references answer.response,
	text      text not null check (text <> ''),
	at        timestamptz not null,
	account   bigint references staff.account,
	withdrawn timestamptz
);
create unique index quote_one on analysis.quote (response, variable) where withdrawn is null;

-- What was made of answers goes with them, at the end of their term.
-- +goose StatementBegin
create function analysis.forget_codes() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
	delete from analysis.assignment where study = new.id;
	delete from analysis.quote where study = new.id;
	return null;
end $$;
-- +goose StatementEnd
create trigger study_forget_codes after update of answers_erased on register.study for each row
	when (old.answers_erased is null and new.answers_erased is not null) execute function analysis.forget_codes();
revoke execute on function analysis.forget_codes from public;

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert on analysis.frame, analysis.assignment to analysis;
	grant select, insert, update on analysis.quote to analysis;
	-- An erasure takes the name of a person out of quotes too.
	grant usage on schema analysis to fieldwork;
	grant select, update on analysis.quote to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop trigger study_forget_codes on register.study;
drop table analysis.quote, analysis.assignment, analysis.frame;
drop function analysis.forget_codes, analysis.keep_assignment;
