-- One row: what every office that writes agrees to. `key_check` tells the group's key without giving it away.
CREATE TABLE lake.agreement (grain VARCHAR, shared_ids BOOLEAN, key_check VARCHAR);
