-- +goose Up

-- Filling in together: who passed it to whom, and which sections.
alter table contact.contact
	add column forwarded_by bigint references contact.contact,
	add column reminders boolean not null default true,
	add column sections text[] not null default '{}';
create index contact_forwarded on contact.contact (forwarded_by) where forwarded_by is not null;

-- A respondent may answer the core questions only.
alter table answer.response add column core boolean not null default false;

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) = 4 then
		grant insert, update on contact.contact, contact.link to collect;
	end if;
end $$;
-- +goose StatementEnd

-- +goose Down
alter table answer.response drop column core;
alter table contact.contact drop column forwarded_by, drop column reminders, drop column sections;
