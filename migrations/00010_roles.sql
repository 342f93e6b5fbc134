-- +goose Up

-- What somebody may do holds in one study. Only who looks after the
-- installation is the same everywhere.
create table staff.role (
	account bigint not null references staff.account,
	study   bigint not null references register.study,
	role    text not null check (role in ('projectleider', 'onderzoeker', 'veldwerker', 'codeur', 'lezer')),
	given   timestamptz not null,
	primary key (account, study)
);
create index role_study on staff.role (study);

alter table staff.account
	add column beheerder boolean not null default false,
	-- the role in the first study, for an account that is older than any study
	add column awaits text check (awaits in ('projectleider', 'onderzoeker', 'veldwerker', 'codeur', 'lezer')),
	-- Read by programs older than this schema only; they show the least.
	alter column role set default 'lezer';

update staff.account set beheerder = true where role = 'beheerder';
-- Until now a role held in every study.
insert into staff.role (account, study, role, given)
	select a.id, s.id, a.role, greatest(a.added, s.made) from staff.account a cross join register.study s where a.role <> 'beheerder' and a.ended is null;
update staff.account set awaits = role where role <> 'beheerder' and not exists (select from register.study);

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert, update, delete on staff.role to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
alter table staff.account alter column role drop default, drop column awaits, drop column beheerder;
drop table staff.role;
