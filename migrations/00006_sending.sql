-- +goose Up

-- A message goes to a contact of its own unit, whatever a program does (standards
-- M9).
alter table contact.contact add constraint contact_of_unit unique (id, unit);
alter table field.message add constraint message_contact foreign key (contact, unit) references contact.contact (id, unit);

-- What senders have, who look at it before each round.
create index message_claim on field.message (claim) where claim is not null and state in ('klaar', 'bezig');

-- +goose Down
drop index field.message_claim;
alter table field.message drop constraint message_contact;
alter table contact.contact drop constraint contact_of_unit;
