-- +goose Up

-- Texts of a study's own, every version that was kept. The last of a step, version
-- and audience holds; one without source is the text of the product. What was sent
-- stands in contact.body, and does not change.
create table register.wording (
	id       bigint generated always as identity primary key,
	study    bigint not null references register.study,
	step     text not null, -- of the ladder, or the id of a text outside it
	version  text not null check (version in ('mail', 'letter', 'phone')),
	audience text not null default '',
	source   text not null,
	reason   text not null default '',
	made     timestamptz not null,
	actor    text not null,
	actor_id bigint
);
create index wording_text on register.wording (study, step, version, audience, id);

-- What somebody is writing and did not keep yet: for their own eyes.
create table register.wording_draft (
	study    bigint not null references register.study,
	account  bigint not null references staff.account on delete cascade,
	step     text not null,
	version  text not null,
	audience text not null default '',
	subject  text not null,
	body     text not null,
	base     bigint not null, -- the version that it changes; 0 for the text of the product
	made     timestamptz not null,
	primary key (study, account, step, version, audience)
);

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert on register.wording to fieldwork;
	grant select, insert, update, delete on register.wording_draft to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table register.wording_draft, register.wording;
