/** What an event id means in ECS words: category, type, action, and the level of those that matter by themselves. */

export interface WindowsAction {
  readonly category: string;
  readonly type: string;
  readonly action: string;
  /** Level when it is more than the channel's own level says; 0 otherwise. */
  readonly severity: number;
  readonly title: string;
}

type Row = readonly [id: string, category: string, type: string, action: string, title: string, severity?: number];

function table(rows: readonly Row[]): ReadonlyMap<string, WindowsAction> {
  return new Map(
    rows.map(([id, category, type, action, title, severity = 0]) => [id, { category, type, action, severity, title }]),
  );
}

export const SYSMON_ACTIONS = table([
  ['1', 'process', 'start', 'process_started', 'Process created'],
  ['2', 'file', 'change', 'file_time_changed', 'File creation time changed', 4],
  ['3', 'network', 'connection', 'network_connection', 'Network connection'],
  ['4', 'configuration', 'change', 'sysmon_state_changed', 'Sysmon service state changed', 6],
  ['5', 'process', 'end', 'process_ended', 'Process terminated'],
  ['6', 'driver', 'start', 'driver_loaded', 'Driver loaded'],
  ['7', 'library', 'start', 'image_loaded', 'Image loaded'],
  ['8', 'process', 'change', 'remote_thread_created', 'Remote thread created', 5],
  ['9', 'file', 'access', 'raw_access_read', 'Raw disk access', 5],
  ['10', 'process', 'access', 'process_accessed', 'Process accessed'],
  ['11', 'file', 'creation', 'file_created', 'File created'],
  ['12', 'registry', 'change', 'registry_key_changed', 'Registry key created or deleted'],
  ['13', 'registry', 'change', 'registry_value_set', 'Registry value set'],
  ['14', 'registry', 'change', 'registry_renamed', 'Registry key or value renamed'],
  ['15', 'file', 'creation', 'file_stream_created', 'File stream created'],
  ['16', 'configuration', 'change', 'sysmon_config_changed', 'Sysmon configuration changed', 6],
  ['17', 'file', 'creation', 'pipe_created', 'Named pipe created'],
  ['18', 'file', 'access', 'pipe_connected', 'Named pipe connected'],
  ['19', 'configuration', 'creation', 'wmi_filter', 'WMI event filter', 5],
  ['20', 'configuration', 'creation', 'wmi_consumer', 'WMI event consumer', 5],
  ['21', 'configuration', 'creation', 'wmi_binding', 'WMI consumer bound to filter', 5],
  ['22', 'network', 'protocol', 'dns_query', 'DNS query'],
  ['23', 'file', 'deletion', 'file_deleted', 'File deleted (archived)'],
  ['24', 'process', 'info', 'clipboard_changed', 'Clipboard changed'],
  ['25', 'process', 'change', 'process_tampered', 'Process image tampered', 8],
  ['26', 'file', 'deletion', 'file_deleted', 'File deleted'],
  ['27', 'file', 'denied', 'executable_blocked', 'Executable blocked', 7],
  ['28', 'file', 'denied', 'shredding_blocked', 'File shredding blocked', 7],
  ['29', 'file', 'creation', 'executable_created', 'Executable file created'],
  ['255', 'host', 'error', 'sysmon_error', 'Sysmon error', 5],
]);

export const SECURITY_ACTIONS = table([
  ['1100', 'configuration', 'end', 'eventlog_stopped', 'Event logging service shut down', 5],
  ['1102', 'iam', 'deletion', 'log_cleared', 'Audit log cleared', 10],
  ['4608', 'host', 'start', 'windows_started', 'Windows is starting up'],
  ['4616', 'configuration', 'change', 'time_changed', 'System time changed'],
  ['4624', 'authentication', 'start', 'logon', 'Logon'],
  ['4625', 'authentication', 'start', 'logon', 'Logon failed', 5],
  ['4634', 'authentication', 'end', 'logoff', 'Logoff'],
  ['4647', 'authentication', 'end', 'logoff', 'User initiated logoff'],
  ['4648', 'authentication', 'start', 'explicit_logon', 'Logon with explicit credentials'],
  ['4656', 'file', 'access', 'object_handle_requested', 'Handle to an object requested'],
  ['4657', 'registry', 'change', 'registry_value_set', 'Registry value modified'],
  ['4658', 'file', 'access', 'object_handle_closed', 'Handle to an object closed'],
  ['4660', 'file', 'deletion', 'object_deleted', 'Object deleted'],
  ['4661', 'iam', 'access', 'object_handle_requested', 'Handle to an object requested'],
  ['4662', 'iam', 'access', 'directory_operation', 'Operation on a directory object'],
  ['4663', 'file', 'access', 'object_accessed', 'Object accessed'],
  ['4670', 'iam', 'change', 'permissions_changed', 'Permissions on an object changed'],
  ['4672', 'iam', 'admin', 'special_privileges', 'Special privileges assigned to new logon'],
  ['4673', 'iam', 'access', 'privileged_service', 'Privileged service called'],
  ['4674', 'iam', 'access', 'privileged_object', 'Operation on a privileged object'],
  ['4688', 'process', 'start', 'process_started', 'Process created'],
  ['4689', 'process', 'end', 'process_ended', 'Process ended'],
  ['4697', 'configuration', 'creation', 'service_installed', 'Service installed', 6],
  ['4698', 'configuration', 'creation', 'task_created', 'Scheduled task created', 5],
  ['4699', 'configuration', 'deletion', 'task_deleted', 'Scheduled task deleted'],
  ['4700', 'configuration', 'change', 'task_enabled', 'Scheduled task enabled'],
  ['4701', 'configuration', 'change', 'task_disabled', 'Scheduled task disabled'],
  ['4702', 'configuration', 'change', 'task_updated', 'Scheduled task updated', 4],
  ['4703', 'iam', 'change', 'user_right_adjusted', 'User right adjusted'],
  ['4719', 'iam', 'change', 'audit_policy_changed', 'Audit policy changed', 8],
  ['4720', 'iam', 'creation', 'user_added', 'User account created', 6],
  ['4722', 'iam', 'change', 'user_enabled', 'User account enabled', 4],
  ['4723', 'iam', 'change', 'password_changed', 'Password change attempted', 4],
  ['4724', 'iam', 'change', 'password_reset', 'Password reset attempted', 5],
  ['4725', 'iam', 'change', 'user_disabled', 'User account disabled', 4],
  ['4726', 'iam', 'deletion', 'user_removed', 'User account deleted', 6],
  ['4728', 'iam', 'change', 'group_member_added', 'Member added to a global group', 6],
  ['4729', 'iam', 'change', 'group_member_removed', 'Member removed from a global group', 4],
  ['4732', 'iam', 'change', 'group_member_added', 'Member added to a local group', 6],
  ['4733', 'iam', 'change', 'group_member_removed', 'Member removed from a local group', 4],
  ['4738', 'iam', 'change', 'user_changed', 'User account changed', 4],
  ['4740', 'iam', 'change', 'user_locked', 'User account locked out', 6],
  ['4756', 'iam', 'change', 'group_member_added', 'Member added to a universal group', 6],
  ['4767', 'iam', 'change', 'user_unlocked', 'User account unlocked', 4],
  ['4768', 'authentication', 'start', 'kerberos_ticket_granted', 'Kerberos ticket (TGT) requested'],
  ['4769', 'authentication', 'start', 'kerberos_service_ticket', 'Kerberos service ticket requested'],
  ['4770', 'authentication', 'info', 'kerberos_ticket_renewed', 'Kerberos service ticket renewed'],
  ['4771', 'authentication', 'start', 'kerberos_preauth', 'Kerberos pre-authentication failed', 5],
  ['4776', 'authentication', 'start', 'credential_validation', 'Credentials validated'],
  ['4778', 'session', 'start', 'session_reconnected', 'Session reconnected'],
  ['4779', 'session', 'end', 'session_disconnected', 'Session disconnected'],
  ['4798', 'iam', 'access', 'groups_enumerated', "A user's groups were enumerated"],
  ['4799', 'iam', 'access', 'groups_enumerated', 'Group membership was enumerated'],
  ['5136', 'iam', 'change', 'directory_object_changed', 'Directory object modified'],
  ['5140', 'network', 'access', 'share_accessed', 'Network share accessed'],
  ['5145', 'network', 'access', 'share_object_checked', 'Network share object checked'],
  ['5154', 'network', 'allowed', 'listen_permitted', 'Listening permitted'],
  ['5156', 'network', 'allowed', 'connection_permitted', 'Connection permitted'],
  ['5157', 'network', 'denied', 'connection_blocked', 'Connection blocked', 4],
  ['5158', 'network', 'allowed', 'bind_permitted', 'Bind permitted'],
]);

export const SYSTEM_ACTIONS = table([
  ['104', 'iam', 'deletion', 'log_cleared', 'Event log cleared', 8],
  ['7034', 'host', 'error', 'service_crashed', 'Service terminated unexpectedly', 5],
  ['7036', 'host', 'change', 'service_state', 'Service state changed'],
  ['7040', 'configuration', 'change', 'service_start_type', 'Service start type changed', 4],
  ['7045', 'configuration', 'creation', 'service_installed', 'Service installed', 6],
]);

export const POWERSHELL_ACTIONS = table([
  ['400', 'process', 'start', 'powershell_started', 'PowerShell engine started'],
  ['403', 'process', 'end', 'powershell_stopped', 'PowerShell engine stopped'],
  ['600', 'process', 'info', 'powershell_provider', 'PowerShell provider started'],
  ['800', 'process', 'info', 'powershell_pipeline', 'PowerShell pipeline executed'],
  ['4103', 'process', 'info', 'powershell_module', 'PowerShell module logging'],
  ['4104', 'process', 'info', 'powershell_script', 'PowerShell script block'],
]);

export const DEFENDER_ACTIONS = table([
  ['1006', 'malware', 'info', 'malware_found', 'Malware found', 11],
  ['1007', 'malware', 'info', 'malware_action', 'Action taken against malware', 9],
  ['1015', 'malware', 'info', 'suspicious_behaviour', 'Suspicious behaviour found', 9],
  ['1116', 'malware', 'info', 'malware_found', 'Malware detected', 11],
  ['1117', 'malware', 'info', 'malware_action', 'Action taken against malware', 9],
  ['1118', 'malware', 'error', 'malware_action_failed', 'Action against malware failed', 12],
  ['1119', 'malware', 'error', 'malware_action_failed', 'Action against malware failed critically', 13],
  ['5001', 'configuration', 'change', 'protection_disabled', 'Real-time protection disabled', 10],
  ['5007', 'configuration', 'change', 'protection_changed', 'Antivirus configuration changed', 5],
  ['5010', 'configuration', 'change', 'protection_disabled', 'Scanning for malware disabled', 8],
  ['5012', 'configuration', 'change', 'protection_disabled', 'Scanning for viruses disabled', 8],
]);
