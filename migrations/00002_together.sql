-- +goose Up

-- Filling in together: who passed it to whom, and which sections.
alter table contact.contact
	add column forwarded_by bigint references contact.contact,
	add column reminders boolean not null default true,
	add column sections text[] not null default '{}';
create index contact_forwarded on contact.contact (forwarded_by) where forwarded_by is not null;

-- A session that was exchanged for a new one ends a minute later.
alter table contact.session add column ends timestamptz;

-- A respondent may answer the core questions only.
alter table answer.response add column core boolean not null default false;

-- Nor does anybody empty a log.
create trigger save_keep_all before truncate on answer.save for each statement execute function answer.keep();
create trigger submission_keep_all before truncate on answer.submission for each statement execute function answer.keep();
create trigger audit_keep_all before truncate on staff.audit for each statement execute function answer.keep();

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) = 4 then
		grant insert, update on contact.contact, contact.link to collect;
	end if;
end $$;
-- +goose StatementEnd

-- +goose Down
drop trigger save_keep_all on answer.save;
drop trigger submission_keep_all on answer.submission;
drop trigger audit_keep_all on staff.audit;
alter table answer.response drop column core;
alter table contact.session drop column ends;
alter table contact.contact drop column forwarded_by, drop column reminders, drop column sections;
