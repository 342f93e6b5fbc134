-- +goose Up

-- A good example that a respondent sent. What was sent stays in the answers; here is
-- what was made of it.
create table analysis.example (
	id       bigint generated always as identity primary key,
	study    bigint not null references register.study,
	audience text not null,
	response bigint not null references answer.response,
	question text not null,
	place    int not null check (place > 0), -- of the repeat
	link     bytea unique, -- hash of the link by which who sent it says yes or no
	constraint example_once unique (response, question, place)
);
create index example_study on analysis.example (study);

-- Every text that it had, without names: the last one is the text.
create table analysis.example_version (
	id      bigint generated always as identity primary key,
	example bigint not null references analysis.example on delete cascade,
	at      timestamptz not null,
	account bigint references staff.account,
	title   text not null check (title <> ''),
	about   text not null check (about <> ''),
	parties text not null default '',
	goal    text not null default '',
	heading text not null,
	tags    text[] not null default '{}'
);
create index example_version_of on analysis.example_version (example, id);

-- What became of it: consent and its end, publication of a version and its end. An
-- example is public while the last of both says so.
create table analysis.example_event (
	id      bigint generated always as identity primary key,
	example bigint not null references analysis.example on delete cascade,
	at      timestamptz not null,
	account bigint references staff.account, -- null: who sent it, by the link
	kind    text not null check (kind in ('toestemming', 'ingetrokken', 'gepubliceerd', 'teruggehaald')),
	how     text not null default '' check (how in ('', 'link', 'telefoon', 'mail', 'brief')),
	version bigint references analysis.example_version on delete cascade
);
create index example_event_of on analysis.example_event (example, id);

-- The examples that everybody may see, each in the version that was approved.
create view analysis.public_example as
	select e.id, e.study, e.audience, p.at as since, v.title, v.about, v.parties, v.goal, v.heading, v.tags
	from analysis.example e
	join answer.response r on r.id = e.response and r.withdrawn is null
	join lateral (select kind from analysis.example_event x where x.example = e.id and x.kind in ('toestemming', 'ingetrokken') order by x.id desc limit 1) c on c.kind = 'toestemming'
	join lateral (select kind, at, version from analysis.example_event x where x.example = e.id and x.kind in ('gepubliceerd', 'teruggehaald') order by x.id desc limit 1) p on p.kind = 'gepubliceerd'
	join analysis.example_version v on v.id = p.version;

-- At the end of the term of the answers only what may be public stays.
-- +goose StatementBegin
create function analysis.forget_examples() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
	delete from analysis.example e where e.study = new.id and not exists (select from analysis.public_example p where p.id = e.id);
	return null;
end $$;
-- +goose StatementEnd
create trigger study_forget_examples after update of answers_erased on register.study for each row
	when (old.answers_erased is null and new.answers_erased is not null) execute function analysis.forget_examples();
revoke execute on function analysis.forget_examples from public;

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert on analysis.example, analysis.example_version, analysis.example_event to analysis;
	grant update (link) on analysis.example to analysis;
	grant select on analysis.public_example to analysis;
	-- An erasure takes the name of a person out of these texts too.
	grant select on analysis.example to fieldwork;
	grant select, update on analysis.example_version to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop trigger study_forget_examples on register.study;
drop function analysis.forget_examples;
drop view analysis.public_example;
drop table analysis.example_event, analysis.example_version, analysis.example;
