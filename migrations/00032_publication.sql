-- +goose Up

-- What a study gives back to everybody. A row is a draft until a person publishes
-- it; then edition holds what readers see, as it was made of the snapshots, and
-- nothing of it changes any more. It can be withdrawn, with a reason.
create table analysis.publication (
	id          bigint generated always as identity primary key,
	study       bigint not null references register.study,
	heading     text not null default '',
	lede        text not null default '',
	titles      jsonb not null default '{}', -- of sections, where not that of the plan
	report      text not null default '',    -- the script of the report
	snapshots   jsonb not null default '{}', -- name by audience
	made        timestamptz not null,
	actor       text not null,
	actor_id    bigint,
	edition     jsonb,
	published   timestamptz check ((published is null) = (edition is null)),
	public_from timestamptz check ((public_from is null) = (edition is null)), -- the embargo
	reason      text not null default '',    -- why it takes the place of an earlier one
	changes     jsonb not null default '[]', -- numbers that readers of the earlier one must be told
	withdrawn   timestamptz check (withdrawn is null or edition is not null),
	why         text not null default '' check ((why = '') = (withdrawn is null))
);
create index publication_study on analysis.publication (study, public_from);

-- +goose StatementBegin
create function analysis.keep_publication() returns trigger language plpgsql as $$
begin
	if tg_op = 'DELETE' then
		if old.edition is null then
			return old;
		end if;
	elsif old.edition is null then
		return new;
	elsif old.withdrawn is null and new.withdrawn is not null and
		(to_jsonb(new) - 'withdrawn' - 'why') = (to_jsonb(old) - 'withdrawn' - 'why') then
		return new;
	end if;
	raise exception 'what was published never changes' using errcode = 'restrict_violation';
end $$;
-- +goose StatementEnd
create trigger publication_keep before update or delete on analysis.publication for each row execute function analysis.keep_publication();

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant select, insert, update, delete on analysis.publication to analysis;
end $$;
-- +goose StatementEnd

-- +goose Down
drop table analysis.publication;
drop function analysis.keep_publication();
