-- +goose Up

-- How answers came in that came otherwise than the rest of their submission, by
-- variable: core questions by telephone, the rest on the web (standards N9). The
-- log knows it, but may hold what was typed and taken back, which nobody who
-- reads data needs.
alter table answer.submission add column modes jsonb not null default '{}';

-- +goose Down
alter table answer.submission drop column modes;
