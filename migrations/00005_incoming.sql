-- +goose Up

-- What a report said of the message: hard, soft, policy, delayed, delivered.
alter table contact.incoming add column bounce text not null default '';
create index incoming_message on contact.incoming (message) where message is not null;
create index incoming_contact on contact.incoming (contact) where bounce = 'soft';

-- +goose Down
drop index contact.incoming_message;
drop index contact.incoming_contact;
alter table contact.incoming drop column bounce;
