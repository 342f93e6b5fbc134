-- +goose Up

-- A snapshot is a dataset as it was, so that a number in a report can be made
-- again. It holds the codes of units and what they answered, and no persons.
create table analysis.snapshot (
	id         bigint generated always as identity primary key,
	study      bigint not null references register.study,
	audience   text not null,
	name       text not null check (name <> ''),
	made       timestamptz not null,
	actor      text not null,
	actor_id   bigint,
	manifest   jsonb not null,  -- as it stands in the content
	instrument bytea not null,  -- the source of the questionnaire
	bytes      bigint not null, -- of the content
	-- When the content was erased, and why. What was printed from it can then not
	-- be made again; manifest and hash stay, and tell so.
	erased     timestamptz,
	why        text not null default '' check ((why = '') = (erased is null))
);
create unique index snapshot_name on analysis.snapshot (study, lower(name));

create table analysis.snapshot_part (
	snapshot bigint not null references analysis.snapshot,
	place    int not null,
	content  bytea not null,
	primary key (snapshot, place)
);
alter table analysis.snapshot_part alter column content set storage external; -- cells hardly shrink, and are read whole

-- +goose StatementBegin
create function analysis.keep_snapshot() returns trigger language plpgsql as $$
begin
	if tg_table_name = 'snapshot' and tg_op = 'UPDATE' then
		if old.erased is null and new.erased is not null and
			(to_jsonb(new) - 'erased' - 'why') = (to_jsonb(old) - 'erased' - 'why') then
			return new;
		end if;
	elsif tg_table_name = 'snapshot_part' and tg_op = 'DELETE' then
		if (select erased is not null from analysis.snapshot where id = old.snapshot) then
			return old;
		end if;
	end if;
	raise exception '% on %.% is not allowed: a snapshot never changes', tg_op, tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;
-- +goose StatementEnd
create trigger snapshot_keep before update or delete on analysis.snapshot for each row execute function analysis.keep_snapshot();
create trigger snapshot_keep_all before truncate on analysis.snapshot for each statement execute function analysis.keep_snapshot();
create trigger snapshot_part_keep before update or delete on analysis.snapshot_part for each row execute function analysis.keep_snapshot();
create trigger snapshot_part_keep_all before truncate on analysis.snapshot_part for each statement execute function analysis.keep_snapshot();

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert on analysis.snapshot to analysis;
	grant update (erased, why) on analysis.snapshot to analysis;
	grant select, insert, delete on analysis.snapshot_part to analysis;
	grant usage on schema staff to analysis;
	grant insert on staff.audit to analysis;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table analysis.snapshot_part, analysis.snapshot;
drop function analysis.keep_snapshot();
-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) = 4 then
		revoke insert on staff.audit from analysis;
		revoke usage on schema staff from analysis;
	end if;
end $$;
-- +goose StatementEnd
