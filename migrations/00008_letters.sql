-- +goose Up

-- A batch is of one step. Its file is not kept: how often it was made, when last
-- and by whom tells which of two files holds the codes that work.
alter table field.batch
	add column step text not null default '',
	add column template text not null default '',
	add column files int not null default 0,
	add column filed timestamptz,
	add column filed_by bigint references staff.account,
	add column dropped timestamptz; -- its letters wait again
create index message_batch on field.message (batch) where batch is not null;

-- +goose Down
drop index field.message_batch;
alter table field.batch drop column dropped, drop column filed_by, drop column filed, drop column files, drop column template, drop column step;
