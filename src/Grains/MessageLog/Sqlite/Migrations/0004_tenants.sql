-- What a tenant decided; null permissions are the role's default. Both versions move by compare-and-swap: whoever
-- remembers people or policy sees by them that somebody else wrote.
alter table tenants add column people_version integer not null default 0;
alter table tenants add column policy_version integer not null default 0;
alter table tenants add column agent_permissions integer;
alter table tenants add column supervisor_permissions integer;
alter table tenants add column admin_permissions integer;
alter table tenants add column owner_permissions integer;
alter table tenants add column provision_unknown integer not null default 1;
alter table tenants add column edit_window_seconds integer check (edit_window_seconds >= 0);
alter table tenants add column show_versions integer not null default 1;
alter table tenants add column retention_days integer check (retention_days >= 1);

-- How long this conversation is kept, in place of what the tenant decided; what is held is kept whatever the days say.
alter table conversations add column retention_days integer check (retention_days >= 1);
alter table conversations add column legal_hold integer not null default 0;

create index audit_by_time on audit (tenant_id, at, id);
