-- Origins of pages that may show the tenant's chat as a panel, with spaces between.
alter table tenants add column frame_origins text not null default '';
