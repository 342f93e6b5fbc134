-- +goose Up

-- Every version of the ladder, days and hours of a study, the first one included.
-- The study itself holds the current one; its number tells whether somebody
-- decides by an older one.
alter table register.study add column plan_version int not null default 0;

create table register.plan_version (
	study    bigint not null references register.study,
	version  int not null,
	plan     jsonb not null,
	calendar jsonb not null,
	reason   text not null default '',
	restores int, -- the version that was put back
	made     timestamptz not null,
	actor    text not null,
	actor_id bigint,
	primary key (study, version)
);

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert on register.plan_version to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table register.plan_version;
alter table register.study drop column plan_version;
