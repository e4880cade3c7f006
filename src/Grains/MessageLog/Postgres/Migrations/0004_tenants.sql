-- What a tenant decided; null permissions are the role's default. Both versions move by compare-and-swap: whoever
-- remembers people or policy sees by them that somebody else wrote.
alter table tenants
    add column people_version bigint not null default 0,
    add column policy_version bigint not null default 0,
    add column agent_permissions bigint,
    add column supervisor_permissions bigint,
    add column admin_permissions bigint,
    add column owner_permissions bigint,
    add column provision_unknown boolean not null default true,
    add column edit_window_seconds bigint check (edit_window_seconds >= 0),
    add column show_versions boolean not null default true,
    add column retention_days bigint check (retention_days >= 1);

-- How long this conversation is kept, in place of what the tenant decided; what is held is kept whatever the days say.
alter table conversations
    add column retention_days bigint check (retention_days >= 1),
    add column legal_hold boolean not null default false;

create index audit_by_time on audit (tenant_id, at, id);
