// SPDX-License-Identifier: Apache-2.0
// Which peers pass for an engine.
#include <errno.h>
#include <grp.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "check.h"
#include "shim.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

static bool old_kernel; // lacks SO_PEERPIDFD
static bool old_statx;  // does not know of mounts

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
// Passes on six arguments, however many there are.
__attribute__((no_sanitize("address"))) long __wrap_syscall(long number, ...) {
    va_list all;
    long arguments[6];
    va_start(all, number);
    for (unsigned n = 0; n < 6; n++) arguments[n] = va_arg(all, long);
    va_end(all);
    long result = __real_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
    if (old_statx && number == SYS_statx && !result) *(uint32_t *)arguments[4] &= ~0x1000u;
    return result;
}

int __real_getsockopt(int fd, int level, int option, void *value, socklen_t *length);
int __wrap_getsockopt(int fd, int level, int option, void *value, socklen_t *length);
int __wrap_getsockopt(int fd, int level, int option, void *value, socklen_t *length) {
    if (!old_kernel || option != SO_PEERPIDFD) return __real_getsockopt(fd, level, option, value, length);
    errno = ENOPROTOOPT;
    return -1;
}

static struct sockaddr_un address(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "jrun-identity-test-%d", getpid());
    return address;
}

static int bound_socket(void) {
    struct sockaddr_un here = address();
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(!bind(fd, (struct sockaddr *)&here, sizeof here));
    return fd;
}

static int connected_socket(struct sockaddr_un to) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(!connect(fd, (struct sockaddr *)&to, sizeof to));
    return fd;
}

// A process that changes itself, listens and waits. Returns the connection to it.
static int listener(void (*change)(void), pid_t *pid) {
    int fd = bound_socket(), ready[2];
    CHECK(!pipe(ready));
    *pid = fork();
    if (*pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        change();
        CHECK(!listen(fd, 1) && write(ready[1], "", 1) == 1);
        for (;;) pause();
    }
    close(ready[1]);
    char byte;
    if (read(ready[0], &byte, 1) != 1) _exit(SKIPPED);
    close(ready[0]);
    int connection = connected_socket(address());
    close(fd);
    return connection;
}

static void expect(void (*change)(void), bool accepted) {
    struct identity own;
    CHECK(identity_read_own(&own));
    for (int kernel = 0; kernel < 2; kernel++) {
        old_kernel = kernel;
        pid_t pid;
        int connection = listener(change, &pid);
        EQUAL(accepted, identity_is_peers(&own, connection));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        CHECK(!identity_is_peers(&own, connection)); // it is dead
        close(connection);
    }
}

static void need_root(void) {
    if (!geteuid()) return;
    fprintf(stderr, "skipped: this needs root\n");
    _exit(SKIPPED);
}

static void nothing(void) {
}

static void another_uts_namespace(void) {
    CHECK(!unshare(CLONE_NEWUTS));
}

static void another_mount_namespace(void) {
    CHECK(!unshare(CLONE_NEWNS));
}

static void another_cgroup_namespace(void) {
    CHECK(!unshare(CLONE_NEWCGROUP));
}

// In which its children would be: this one is made to be in it, too.
static void another_time_namespace(void) {
    int fd = unshare(0x80 /* CLONE_NEWTIME */) ? -1 : open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && !setns(fd, 0x80)) return;
    fprintf(stderr, "skipped: time namespaces cannot be made here\n");
    _exit(SKIPPED);
}

static void another_user_namespace(void) {
    if (!unshare(CLONE_NEWUSER)) return;
    fprintf(stderr, "skipped: user namespaces cannot be made here\n");
    _exit(SKIPPED);
}

static void another_root(void) {
    CHECK(!chroot("/proc"));
}

// The same directory, by another mount, on which others may be mounted.
static void the_same_root_elsewhere(void) {
    char place[] = "/tmp/jrun-identity-test-XXXXXX";
    CHECK(mkdtemp(place) && !mount("/", place, NULL, MS_BIND | MS_REC, NULL) && !chroot(place));
    CHECK(!chdir("/"));
}

// Whoever looks at it waits for a server that never says a word. What has been opened before goes on as it was.
static void a_root_that_does_not_answer(void) {
    char options[80], place[] = "/tmp/jrun-identity-test-XXXXXX";
    int server = open("/dev/fuse", O_RDWR);
    if (server < 0) {
        fprintf(stderr, "skipped: there is no /dev/fuse\n");
        _exit(SKIPPED);
    }
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", server);
    CHECK(!unshare(CLONE_NEWNS) && !mount("", "/", NULL, MS_PRIVATE | MS_REC, NULL));
    CHECK(!mount("none", "/tmp", "tmpfs", 0, NULL) && mkdtemp(place) && !mount("none", place, "fuse", 0, options));
    CHECK(!syscall(SYS_pivot_root, place, place));
}

static void another_user(void) {
    CHECK(!setresuid(65534, 65534, 65534));
}

static void another_real_user(void) {
    CHECK(!setresuid(65534, 0, 0));
}

static void another_group(void) {
    CHECK(!setresgid(65533, 65533, 65533));
}

static void another_real_group(void) {
    CHECK(!setresgid(65533, (gid_t)-1, (gid_t)-1));
}

static void no_supplementary_groups(void) {
    CHECK(!setgroups(0, NULL));
}

static void its_group_as_a_supplementary_one(void) {
    gid_t own = getegid();
    CHECK(!setgroups(1, &own));
}

static void another_supplementary_group(void) {
    gid_t groups[] = {getegid(), 65533};
    CHECK(!setgroups(2, groups));
}

static void more_groups_than_are_read(void) {
    static gid_t groups[2000];
    for (unsigned n = 0; n < 2000; n++) groups[n] = 1000000 + n;
    CHECK(!setgroups(2000, groups));
}

static void fewer_capabilities_to_gain(void) {
    CHECK(!prctl(PR_CAPBSET_DROP, 18 /* CAP_SYS_CHROOT */, 0, 0, 0));
}

static void fewer_effective_capabilities(void) {
    struct {
        uint32_t version;
        int pid;
    } header = {0x20080522, 0};
    struct {
        uint32_t effective, permitted, inheritable;
    } data[2];
    CHECK(!syscall(SYS_capget, &header, data));
    data[0].effective &= ~1u;
    CHECK(!syscall(SYS_capset, &header, data));
}

static void no_new_privileges(void) {
    CHECK(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

static void a_seccomp_filter(void) {
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {1, &allow};
    CHECK(!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

static void an_equal_process_passes(void) {
    expect(nothing, true);
}

static void other_namespaces_do_not_matter(void) {
    need_root();
    expect(another_uts_namespace, true);
}

static void a_process_in_another_world_does_not_pass(void) {
    need_root();
    expect(another_mount_namespace, false);
    expect(another_cgroup_namespace, false);
    expect(another_root, false);
}

static void a_process_whose_root_is_mounted_elsewhere_does_not_pass(void) {
    need_root();
    CHECK(!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) && !mount("none", "/tmp", "tmpfs", 0, NULL));
    expect(the_same_root_elsewhere, false);
    old_statx = true;
    expect(nothing, true);
    expect(the_same_root_elsewhere, false);
}

static void a_process_whose_root_does_not_answer_is_not_waited_for(void) {
    need_root();
    alarm(20);
    expect(a_root_that_does_not_answer, false);
    alarm(0);
}

static void a_process_in_another_time_namespace_does_not_pass(void) {
    need_root();
    expect(another_time_namespace, false);
}

static void a_process_in_another_user_namespace_does_not_pass(void) {
    expect(another_user_namespace, false);
}

static void a_process_of_another_user_does_not_pass(void) {
    need_root();
    expect(another_user, false);
    expect(another_real_user, false);
}

static void a_process_with_other_groups_does_not_pass(void) {
    need_root();
    no_supplementary_groups();
    expect(another_group, false);
    expect(another_real_group, false);
    expect(another_supplementary_group, false);
    expect(its_group_as_a_supplementary_one, true);
    another_supplementary_group();
    expect(nothing, true);
    expect(no_supplementary_groups, false);
}

static void who_has_more_groups_than_are_read_has_no_equal(void) {
    need_root();
    expect(more_groups_than_are_read, false);
    more_groups_than_are_read();
    struct identity own;
    CHECK(!identity_read_own(&own));
    EQUAL(UINT64_MAX, own.ignored);
}

// The kernel shows all ids without a mapping as the same one.
static void who_has_an_id_without_a_mapping_has_no_equal(void) {
    need_root();
    another_supplementary_group();
    another_user_namespace();
    struct identity own;
    CHECK(!identity_read_own(&own));
}

static void a_process_with_other_rights_does_not_pass(void) {
    expect(no_new_privileges, false);
    need_root();
    expect(fewer_capabilities_to_gain, false);
    expect(fewer_effective_capabilities, false);
    expect(a_seccomp_filter, false);
}

static void a_signal_is_ignored(void) {
    signal(SIGUSR1, SIG_IGN);
    signal(64, SIG_IGN);
}

static void ignored_signals_are_known_and_may_differ(void) {
    expect(a_signal_is_ignored, true);
    struct identity own;
    CHECK(identity_read_own(&own));
    uint64_t signals = UINT64_C(1) << 63 | 1 << (SIGUSR1 - 1);
    EQUAL(0, own.ignored & signals); // what starts tests may have others ignored
    a_signal_is_ignored();
    CHECK(identity_read_own(&own));
    EQUAL(signals, own.ignored & signals);
}

static void a_seccomp_filter_never_passes(void) {
    need_root();
    a_seccomp_filter();
    expect(nothing, false);
}

static void who_listened_counts_and_not_who_has_the_socket(void) {
    struct identity own;
    CHECK(identity_read_own(&own));
    for (int kernel = 0; kernel < 2; kernel++) {
        old_kernel = kernel;
        int fd = bound_socket();
        pid_t pid = fork();
        if (pid == 0) _exit(!!listen(fd, 1));
        int status;
        waitpid(pid, &status, 0);
        EQUAL(0, status);
        int connection = connected_socket(address());
        CHECK(!identity_is_peers(&own, connection));
        close(connection);
        // As an engine does that a service manager gave its socket.
        CHECK(!listen(fd, 1));
        connection = connected_socket(address());
        CHECK(identity_is_peers(&own, connection));
        close(connection);
        close(fd);
    }
}

static void proc_of_another_pid_namespace_is_not_believed(void) {
    need_root();
    CHECK(!unshare(CLONE_NEWPID));
    pid_t pid = fork(); // process 1, with its parents' /proc
    if (pid == 0) {
        struct identity own;
        _exit(identity_read_own(&own));
    }
    int status;
    waitpid(pid, &status, 0);
    EQUAL(0, status);
}

static void text_is_joined_up_to_its_room(void) {
    char out[8];
    CHECK(text_join(out, sizeof out, "abc", "", "defg"));
    CHECK(!strcmp(out, "abcdefg"));
    CHECK(!text_join(out, sizeof out, "abc", "defg", "h"));
    CHECK(!strcmp(out, ""));
    CHECK(!text_join(out, sizeof out, "abcdefgh"));
}

static void numbers_are_read_with_their_limits(void) {
    uint64_t number;
    CHECK(text_number("0123456\n", 10, 7, &number));
    EQUAL(123456, number);
    CHECK(text_number("ffffffffffffffff", 16, 16, &number));
    EQUAL(UINT64_MAX, number);
    CHECK(!text_number("", 10, 7, &number));
    CHECK(!text_number("12345678", 10, 7, &number));
    CHECK(!text_number("12x", 10, 7, &number));
    CHECK(!text_number("a", 10, 7, &number));
    CHECK(!text_number("-1", 10, 7, &number));
}

int main(void) {
    static const struct test tests[] = {
        TEST(an_equal_process_passes),
        TEST(other_namespaces_do_not_matter),
        TEST(a_process_in_another_world_does_not_pass),
        TEST(a_process_whose_root_is_mounted_elsewhere_does_not_pass),
        TEST(a_process_whose_root_does_not_answer_is_not_waited_for),
        TEST(a_process_in_another_time_namespace_does_not_pass),
        TEST(a_process_in_another_user_namespace_does_not_pass),
        TEST(a_process_of_another_user_does_not_pass),
        TEST(a_process_with_other_groups_does_not_pass),
        TEST(who_has_more_groups_than_are_read_has_no_equal),
        TEST(who_has_an_id_without_a_mapping_has_no_equal),
        TEST(a_process_with_other_rights_does_not_pass),
        TEST(ignored_signals_are_known_and_may_differ),
        TEST(a_seccomp_filter_never_passes),
        TEST(who_listened_counts_and_not_who_has_the_socket),
        TEST(proc_of_another_pid_namespace_is_not_believed),
        TEST(text_is_joined_up_to_its_room),
        TEST(numbers_are_read_with_their_limits),
    };
    return run_tests(tests, sizeof tests / sizeof *tests, NULL, NULL);
}
