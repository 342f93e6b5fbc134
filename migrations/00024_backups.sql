-- +goose Up

-- When backups were made, so that the site can say how old the newest is.
create table staff.backup (
	id        bigint generated always as identity primary key,
	made      timestamptz not null,
	rows      bigint not null,
	encrypted boolean not null,
	tested    boolean not null -- restored elsewhere, and compared
);
create index backup_made on staff.backup (made);

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select on staff.backup to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table staff.backup;
