-- +goose Up

-- Place of a contact in the order of trying; null: by id. Who replaces another
-- takes its place.
alter table contact.contact add column rank bigint;

-- What a page posted: pressing twice is one call.
alter table field.call add column request text;
create unique index call_request on field.call (request) where request is not null;
create index message_event on field.message (event) where event is not null;

-- +goose Down
drop index field.message_event;
drop index field.call_request;
alter table field.call drop column request;
alter table contact.contact drop column rank;
