/* SPDX-License-Identifier: MIT */
/* guard_url.c - what a URL alone tells of where it leads */
#include "crawl/guard_url.h"

#include <stddef.h>

/* Fetch standard 2.9, its table as of 2026; sorted. */
static const struct {
	uint16_t port;
	const char *service;
} bad_ports[] = {
	{0, "no service"},
	{1, "tcpmux"},
	{7, "echo"},
	{9, "discard"},
	{11, "systat"},
	{13, "daytime"},
	{15, "netstat"},
	{17, "qotd"},
	{19, "chargen"},
	{20, "ftp-data"},
	{21, "ftp"},
	{22, "ssh"},
	{23, "telnet"},
	{25, "smtp"},
	{37, "time"},
	{42, "name"},
	{43, "nicname"},
	{53, "domain"},
	{69, "tftp"},
	{77, "rje"},
	{79, "finger"},
	{87, "link"},
	{95, "supdup"},
	{101, "hostname"},
	{102, "iso-tsap"},
	{103, "gppitnp"},
	{104, "acr-nema"},
	{109, "pop2"},
	{110, "pop3"},
	{111, "sunrpc"},
	{113, "auth"},
	{115, "sftp"},
	{117, "uucp-path"},
	{119, "nntp"},
	{123, "ntp"},
	{135, "epmap"},
	{137, "netbios-ns"},
	{139, "netbios-ssn"},
	{143, "imap"},
	{161, "snmp"},
	{179, "bgp"},
	{389, "ldap"},
	{427, "svrloc"},
	{465, "submissions"},
	{512, "exec"},
	{513, "login"},
	{514, "shell"},
	{515, "printer"},
	{526, "tempo"},
	{530, "courier"},
	{531, "chat"},
	{532, "netnews"},
	{540, "uucp"},
	{548, "afp"},
	{554, "rtsp"},
	{556, "remotefs"},
	{563, "nntps"},
	{587, "submission"},
	{601, "syslog-conn"},
	{636, "ldaps"},
	{989, "ftps-data"},
	{990, "ftps"},
	{993, "imaps"},
	{995, "pop3s"},
	{1719, "h323gatestat"},
	{1720, "h323hostcall"},
	{1723, "pptp"},
	{2049, "nfs"},
	{3659, "apple-sasl"},
	{4045, "npp"},
	{4190, "sieve"},
	{5060, "sip"},
	{5061, "sips"},
	{6000, "x11"},
	{6566, "sane-port"},
	{6665, "ircu"},
	{6666, "ircu"},
	{6667, "ircu"},
	{6668, "ircu"},
	{6669, "ircu"},
	{6679, "osaut"},
	{6697, "ircs-u"},
	{10080, "amanda"},
};

static const char *const metadata_names[] = {
	"instance-data",
	"instance-data.ec2.internal",
	"metadata",
	"metadata.azure.internal",
	"metadata.goog",
	"metadata.google.internal",
	"metadata.packet.net",
	"metadata.platformequinix.com",
	"metadata.tencentyun.com",
	"kubernetes.default.svc",
	"kubernetes.default.svc.cluster.local",
};

static const char *const local_domains[] = {
	"corp",
	"home",
	"home.arpa",
	"internal",
	"intranet",
	"lan",
	"local",
	"localdomain",
	"localhost",
	"private",
	"svc",
};

const char *guard_url_service(uint16_t port)
{
	for (size_t i = 0; i < sizeof(bad_ports) / sizeof(bad_ports[0]); i++) {
		if (bad_ports[i].port == port) {
			return bad_ports[i].service;
		}
	}
	return NULL;
}

static struct bytes without_dot(struct bytes host)
{
	while (host.len > 0 && host.ptr[host.len - 1] == '.') {
		host.len--;
	}
	return host;
}

bool guard_url_is_metadata_name(struct bytes host)
{
	host = without_dot(host);
	for (size_t i = 0; i < sizeof(metadata_names) / sizeof(metadata_names[0]); i++) {
		if (bytes_equal_nocase(host, bytes_of(metadata_names[i]))) {
			return true;
		}
	}
	return false;
}

/* Whether `host` is `domain` or under it. */
static bool is_under(struct bytes host, struct bytes domain)
{
	if (host.len < domain.len) {
		return false;
	}
	struct bytes end = bytes_slice(host, host.len - domain.len, host.len);
	return bytes_equal_nocase(end, domain) &&
	       (host.len == domain.len || host.ptr[host.len - domain.len - 1] == '.');
}

bool guard_url_is_local_name(struct bytes host)
{
	host = without_dot(host);
	if (bytes_find_char(host, '.', 0) == SIZE_MAX) {
		return !bytes_starts(host, BYTES("["));
	}
	for (size_t i = 0; i < sizeof(local_domains) / sizeof(local_domains[0]); i++) {
		if (is_under(host, bytes_of(local_domains[i]))) {
			return true;
		}
	}
	return false;
}
