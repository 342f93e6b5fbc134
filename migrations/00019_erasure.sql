-- +goose Up

-- What was erased, by ids only: after a restore it is erased again (P7). An
-- address stays as a keyed hash, so that it is not added again.
create table contact.erasure (
	id       bigint generated always as identity primary key,
	at       timestamptz not null,
	what     text not null check (what in ('persoon', 'tekst', 'notitie', 'mail', 'gebeurtenis', 'momentopname', 'intrekking')),
	study    bigint references register.study,
	object   bigint not null, -- id of the contact, response, call, incoming mail, event or snapshot
	variable text not null default '', -- of a text
	hash     bytea,
	actor    text not null,
	actor_id bigint,
	constraint erasure_once unique (what, object, variable, at)
);
create trigger erasure_keep before update or delete on contact.erasure for each row execute function answer.keep();
create trigger erasure_keep_all before truncate on contact.erasure for each statement execute function answer.keep();

-- The row of a person who was erased stays, without the person: events, saves and
-- messages name it by its id.
alter table contact.contact add column erased timestamptz;

-- Who takes answers back takes them out of all that is counted from then on.
alter table answer.response
	add column withdrawn timestamptz,
	add column withdrawn_why text not null default '';

-- When the answers of a study, or whose they were, went at the end of their term.
alter table register.study
	add column answers_erased timestamptz,
	add column identity_erased timestamptz;
alter table register.unit alter column organisation drop not null;

-- The tombstone: the only change of the log (DESIGN 4). A code or a number is no
-- text: nobody can make an answer disappear by calling it one.
-- +goose StatementBegin
create function answer.tombstone() returns text language sql immutable as $$ select '[gewist]' $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function answer.erasable(value text) returns boolean language sql immutable as
$$ select value is not null and value <> '' and value !~ '^-?[0-9]{1,8}$' $$;
-- +goose StatementEnd

-- only_tombstones: every value is as it was, or a text that became the tombstone.
-- +goose StatementBegin
create function answer.only_tombstones(was jsonb, becomes jsonb) returns boolean language sql immutable as $$
	select (select array_agg(k order by k) from jsonb_object_keys(was) k) is not distinct from (select array_agg(k order by k) from jsonb_object_keys(becomes) k)
		and not exists (
			select from jsonb_each(was) w join jsonb_each(becomes) b using (key)
			where b.value is distinct from w.value
				and not (jsonb_typeof(w.value) = 'string' and b.value = to_jsonb(answer.tombstone()) and answer.erasable(w.value #>> '{}')))
$$;
-- +goose StatementEnd

-- The same of the changes of a save: v names a variable, w and i are its values.
-- +goose StatementBegin
create function answer.only_tombstones_in_log(was jsonb, becomes jsonb) returns boolean language sql immutable as $$
	select jsonb_array_length(was) = jsonb_array_length(becomes) and not exists (
		select from jsonb_array_elements(was) with ordinality w (e, n) join jsonb_array_elements(becomes) with ordinality b (e, n) using (n)
		where w.e -> 'v' is distinct from b.e -> 'v' or not answer.only_tombstones(w.e - 'v', b.e - 'v'))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function answer.keep_answers() returns trigger language plpgsql as $$
begin
	if tg_op = 'UPDATE' and tg_table_name = 'save' then
		if to_jsonb(new) - 'changed' - 'refused' = to_jsonb(old) - 'changed' - 'refused'
			and answer.only_tombstones_in_log(old.changed, new.changed) and answer.only_tombstones_in_log(old.refused, new.refused) then
			return new;
		end if;
	elsif tg_op = 'UPDATE' then
		if to_jsonb(new) - 'answers' - 'reason' = to_jsonb(old) - 'answers' - 'reason'
			and answer.only_tombstones(old.answers, new.answers)
			and (new.reason = old.reason or old.reason <> '' and new.reason = answer.tombstone()) then
			return new;
		end if;
	elsif tg_op = 'DELETE' then
		if (select s.answers_erased is not null from answer.response r join register.study s on s.id = r.study where r.id = old.response) then
			return old;
		end if;
	end if;
	raise exception '% on %.% is not allowed: it is a log', tg_op, tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;
-- +goose StatementEnd
drop trigger save_keep on answer.save;
drop trigger submission_keep on answer.submission;
create trigger save_keep before update or delete on answer.save for each row execute function answer.keep_answers();
create trigger submission_keep before update or delete on answer.submission for each row execute function answer.keep_answers();

-- The history of a unit keeps all but a note.
-- +goose StatementBegin
create function field.keep_events() returns trigger language plpgsql as $$
begin
	if tg_op = 'UPDATE' and to_jsonb(new) - 'note' = to_jsonb(old) - 'note' and new.note = answer.tombstone() and old.note <> '' then
		return new;
	end if;
	raise exception '% on %.% is not allowed: it is a log', tg_op, tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;
-- +goose StatementEnd
create trigger event_keep before update or delete on field.event for each row execute function field.keep_events();
create trigger event_keep_all before truncate on field.event for each statement execute function answer.keep();

-- The answers of a study go a year after closing at the earliest, and that they
-- went is never unsaid.
-- +goose StatementBegin
create function register.keep_promises() returns trigger language plpgsql as $$
begin
	if old.answers_erased is not null and new.answers_erased is distinct from old.answers_erased
		or old.identity_erased is not null and new.identity_erased is distinct from old.identity_erased
		or new.answers_erased < new.closes + interval '1 year' or new.identity_erased < new.closes then
		raise exception 'the end of the answers of study % cannot be set so', old.id using errcode = 'restrict_violation';
	end if;
	return new;
end $$;
-- +goose StatementEnd
create trigger study_promises before update on register.study for each row execute function register.keep_promises();

-- What the site may ask of the owner. Each of these writes in the ledger and in
-- the audit log what it does: nothing is erased in silence.

-- erase_text puts the tombstone in the place of every text that a variable of a
-- response ever had, in the state, the log and the submissions. It returns how
-- many rows changed.
-- +goose StatementBegin
create function answer.erase_text(p_response bigint, p_variable text, p_at timestamptz, p_actor text, p_actor_id bigint, p_reason text)
returns integer language plpgsql security definer set search_path = pg_catalog as $$
declare
	n integer := 0;
	hits integer;
	of_study bigint;
begin
	if p_reason is null or btrim(p_reason) = '' then
		raise exception 'erasing needs a reason' using errcode = 'check_violation';
	end if;
	select study into strict of_study from answer.response where id = p_response for update;
	update answer.response set state = state || jsonb_build_object(p_variable, answer.tombstone())
		where id = p_response and answer.erasable(state ->> p_variable) and state ->> p_variable <> answer.tombstone();
	get diagnostics hits = row_count;
	n := n + hits;
	update answer.submission set answers = answers || jsonb_build_object(p_variable, answer.tombstone())
		where response = p_response and answer.erasable(answers ->> p_variable) and answers ->> p_variable <> answer.tombstone();
	get diagnostics hits = row_count;
	n := n + hits;
	update answer.save set changed = answer.without_text(save.changed, p_variable), refused = answer.without_text(save.refused, p_variable)
		where response = p_response and (answer.without_text(save.changed, p_variable) <> save.changed or answer.without_text(save.refused, p_variable) <> save.refused);
	get diagnostics hits = row_count;
	n := n + hits;
	if n > 0 then
		insert into contact.erasure (at, what, study, object, variable, actor, actor_id) values (p_at, 'tekst', of_study, p_response, p_variable, p_actor, p_actor_id)
			on conflict do nothing;
		insert into staff.audit (at, actor, actor_id, study, action, object, detail)
			values (p_at, p_actor, p_actor_id, of_study, 'antwoordtekst gewist', 'vragenlijst ' || p_response, jsonb_build_object('vraag', p_variable, 'reden', p_reason, 'plaatsen', n));
	end if;
	return n;
end $$;
-- +goose StatementEnd

-- without_text is the changes of a save with the tombstone for a variable.
-- +goose StatementBegin
create function answer.without_text(changes jsonb, variable text) returns jsonb language sql immutable as $$
	select coalesce(jsonb_agg(case when e ->> 'v' <> variable then e else
		e || case when answer.erasable(e ->> 'w') then jsonb_build_object('w', answer.tombstone()) else '{}' end
		  || case when answer.erasable(e ->> 'i') then jsonb_build_object('i', answer.tombstone()) else '{}' end end order by n), '[]')
	from jsonb_array_elements(changes) with ordinality x (e, n)
$$;
-- +goose StatementEnd

-- erase_note puts the tombstone in the place of the note of an event, or of the
-- reason of a submission.
-- +goose StatementBegin
create function field.erase_note(p_event bigint, p_at timestamptz, p_actor text, p_actor_id bigint, p_reason text)
returns integer language plpgsql security definer set search_path = pg_catalog as $$
declare of_study bigint;
begin
	if p_reason is null or btrim(p_reason) = '' then
		raise exception 'erasing needs a reason' using errcode = 'check_violation';
	end if;
	update field.event e set note = answer.tombstone() from register.unit u where e.id = p_event and u.id = e.unit and e.note <> '' and e.note <> answer.tombstone()
		returning u.study into of_study;
	if not found then
		return 0;
	end if;
	insert into contact.erasure (at, what, study, object, actor, actor_id) values (p_at, 'gebeurtenis', of_study, p_event, p_actor, p_actor_id) on conflict do nothing;
	insert into staff.audit (at, actor, actor_id, study, action, object, detail)
		values (p_at, p_actor, p_actor_id, of_study, 'notitie gewist', 'gebeurtenis ' || p_event, jsonb_build_object('reden', p_reason));
	return 1;
end $$;
-- +goose StatementEnd

-- erase_reasons does so with the reasons of the submissions of a response that
-- name somebody.
-- +goose StatementBegin
create function answer.erase_reasons(p_response bigint, p_pattern text, p_at timestamptz, p_actor text, p_actor_id bigint)
returns integer language plpgsql security definer set search_path = pg_catalog as $$
declare n integer;
begin
	update answer.submission set reason = answer.tombstone() where response = p_response and p_pattern <> '' and reason ~* p_pattern and reason <> answer.tombstone();
	get diagnostics n = row_count;
	if n > 0 then
		insert into staff.audit (at, actor, actor_id, study, action, object, detail)
			select p_at, p_actor, p_actor_id, study, 'notitie gewist', 'vragenlijst ' || p_response, jsonb_build_object('plaatsen', n) from answer.response where id = p_response;
	end if;
	return n;
end $$;
-- +goose StatementEnd

-- erase_answers removes the answers of a study whose term is over. The responses
-- stay, empty: they say who answered, not what.
-- +goose StatementBegin
create function answer.erase_answers(p_study bigint, p_at timestamptz)
returns integer language plpgsql security definer set search_path = pg_catalog as $$
declare n integer;
begin
	update register.study set answers_erased = p_at where id = p_study and answers_erased is null;
	delete from answer.save v using answer.response r where r.id = v.response and r.study = p_study;
	delete from answer.submission b using answer.response r where r.id = b.response and r.study = p_study;
	get diagnostics n = row_count;
	update answer.response set state = '{}' where study = p_study and state <> '{}';
	insert into staff.audit (at, actor, study, action, detail) values (p_at, 'system', p_study, 'antwoorden gewist', jsonb_build_object('inzendingen', n));
	return n;
end $$;
-- +goose StatementEnd

-- forget_links ends what somebody could still open: the sessions of a contact, and
-- its links.
-- +goose StatementBegin
create function contact.forget_links(p_contact bigint) returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
	with gone as (delete from answer.granted where contact = p_contact returning session)
	delete from contact.session s using gone g where s.hash = g.session
		and not exists (select from answer.granted o where o.session = s.hash and o.contact <> p_contact);
	delete from contact.link where contact = p_contact;
end $$;
-- +goose StatementEnd

revoke execute on function contact.forget_links, answer.erase_text, field.erase_note, answer.erase_reasons, answer.erase_answers from public;

-- +goose StatementBegin
do $$
begin
	if (select count(*) from pg_roles where rolname in ('collect', 'fieldwork', 'analysis', 'audit')) < 4 then
		return;
	end if;
	grant execute on function contact.forget_links, answer.erase_text, field.erase_note, answer.erase_reasons, answer.erase_answers to fieldwork;
	grant select, insert on contact.erasure to fieldwork;
end $$;
-- +goose StatementEnd

-- +goose Down
drop function contact.forget_links, answer.erase_answers, answer.erase_reasons, field.erase_note, answer.erase_text, answer.without_text;
drop trigger study_promises on register.study;
drop function register.keep_promises;
drop trigger event_keep_all on field.event;
drop trigger event_keep on field.event;
drop function field.keep_events;
drop trigger save_keep on answer.save;
drop trigger submission_keep on answer.submission;
create trigger save_keep before update or delete on answer.save for each row execute function answer.keep();
create trigger submission_keep before update or delete on answer.submission for each row execute function answer.keep();
drop function answer.keep_answers, answer.only_tombstones_in_log, answer.only_tombstones, answer.erasable, answer.tombstone;
alter table register.study drop column answers_erased, drop column identity_erased;
alter table answer.response drop column withdrawn, drop column withdrawn_why;
alter table contact.contact drop column erased;
drop table contact.erasure;
