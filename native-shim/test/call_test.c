// SPDX-License-Identifier: Apache-2.0
// call_test JRUN FAKE-ENGINE WITHOUT-SYSCALLS: whole calls of the shim, with the fake engine in the place of java, in a
// distribution of each test's own.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "check.h"
#include "shim.h"

static const char *jrun_binary, *engine_binary, *without_syscalls;

static char home[64], jrun[80], build[32];
static char errors[8192];         // what the last call said on standard error
static void (*before_exec)(void); // in the process of the call

static const char *in_home(const char *name) {
    static char paths[4][4096];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", home, name);
    return path;
}

static char *read_file(const char *path, size_t *length) {
    static char contents[1 << 20];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, contents, sizeof contents - 1);
    CHECK(got >= 0);
    if (fd >= 0) close(fd);
    contents[got] = '\0';
    if (length) *length = (size_t)got;
    return contents;
}

static void write_file(const char *path, const char *text, mode_t mode) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static void copy_file(const char *from, const char *to) {
    size_t length = 0;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    CHECK(in >= 0 && out >= 0);
    char buffer[65536];
    for (ssize_t got; (got = read(in, buffer, sizeof buffer)) > 0; length += (size_t)got)
        CHECK(write(out, buffer, (size_t)got) == got);
    CHECK(length);
    close(in);
    close(out);
}

static void remove_home(void) {
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", home, NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

static void make_home(void) {
    strcpy(home, "/tmp/jrun-test-XXXXXX");
    CHECK(mkdtemp(home));
    CHECK(!mkdir(in_home("bin"), 0755) && !mkdir(in_home("lib"), 0755) && !mkdir(in_home("lib/runtime"), 0755));
    CHECK(!mkdir(in_home("lib/runtime/bin"), 0755) && !mkdir(in_home("run"), 0700));
    strcpy(jrun, in_home("bin/jrun"));
    copy_file(jrun_binary, jrun);
    copy_file(engine_binary, in_home("lib/runtime/bin/java"));
    static unsigned number;
    snprintf(build, sizeof build, "abcdef%x", ++number);
    write_file(in_home("lib/build"), build, 0644);
    setenv("JRUN_ENGINE_IDLE", "60", 1);
    setenv("XDG_RUNTIME_DIR", in_home("run"), 1); // for those who are not root
}

// Executes file with name as argv[0] and the arguments up to a NULL; returns its exit code.
static int execute(const char *file, const char *name, ...) {
    char *argv[16] = {(char *)name};
    va_list arguments;
    va_start(arguments, name);
    for (int n = 1; (argv[n] = va_arg(arguments, char *)); n++) CHECK(n < 14);
    va_end(arguments);
    int output[2];
    CHECK(!pipe2(output, O_CLOEXEC));
    pid_t pid = fork();
    if (pid == 0) {
        dup2(output[1], STDERR_FILENO);
        if (before_exec) before_exec();
        execv(file, argv);
        _exit(127);
    }
    close(output[1]);
    size_t used = 0;
    for (ssize_t got; (got = read(output[0], errors + used, sizeof errors - 1 - used)) > 0;) used += (size_t)got;
    errors[used] = '\0';
    close(output[0]);
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    return WEXITSTATUS(status);
}

#define CALL(...) execute(jrun, "jrun", __VA_ARGS__, NULL)

static void said(const char *text) {
    if (strstr(errors, text)) return;
    fprintf(stderr, "'%s' is not in '%s'\n", text, errors);
    _exit(1);
}

static void recorded(const char *line) {
    char *record = read_file(in_home("record"), NULL), whole[4200];
    snprintf(whole, sizeof whole, "%s\n", line);
    for (char *at = record; (at = strstr(at, whole)); at++)
        if (at == record || at[-1] == '\n') return;
    fprintf(stderr, "'%s' is not in:\n%s", line, record);
    _exit(1);
}

static void not_recorded(const char *text) {
    if (!strstr(read_file(in_home("record"), NULL), text)) return;
    fprintf(stderr, "'%s' was recorded\n", text);
    _exit(1);
}

static size_t starts(void) {
    return strlen(read_file(in_home("starts"), NULL));
}

// Where the engine was told that it may listen.
static char *socket_path(void) {
    char *path = strstr(read_file(in_home("record"), NULL), "argument -Djrun.socket=");
    CHECK(path);
    path += strlen("argument -Djrun.socket=");
    path[strcspn(path, "\n")] = '\0';
    return strdup(path);
}

static char *socket_directory(void) {
    char *path = socket_path();
    CHECK(strrchr(path, '/'));
    *strrchr(path, '/') = '\0';
    return path;
}

// Cold.

static void a_call_goes_to_an_engine_that_is_started_for_it(void) {
    setenv("JRUN_ENGINE_IDLE", "7", 1);
    EQUAL(7, CALL("exit", "7"));
    EQUAL(0, strlen(errors));
    char line[4096];
    snprintf(line, sizeof line, "argument %s/lib/runtime/bin/java\nargument @%s/lib/engine.args", home, home);
    recorded(line);
    snprintf(line, sizeof line, "argument -cp\nargument %s/lib/jrun.jar\nargument dev.jrun.cli.Main\nargument call",
             home);
    recorded(line);
    snprintf(line, sizeof line, "argument -Djrun.home=%s", home);
    recorded(line);
    snprintf(line, sizeof line, "argument -Djrun.build=%s", build);
    recorded(line);
    not_recorded("-XX:AOTCache");
    recorded("argument -Djrun.idle=7");
    char *path = socket_path();
    struct stat pids;
    CHECK(path[0] == '/' && !stat("/proc/self/ns/pid", &pids));
    snprintf(line, sizeof line, "/%ju-", (uintmax_t)pids.st_ino);
    CHECK(!strncmp(line, strrchr(path, '/'), strlen(line)));
    EQUAL(16, strspn(strrchr(path, '-') + 1, "0123456789abcdef"));
    EQUAL(17, strlen(strrchr(path, '-')));
}

static void the_cache_is_used_if_it_exists(void) {
    char name[64], line[256];
    snprintf(name, sizeof name, "lib/jrun-%s.aot", build);
    write_file(in_home(name), "", 0644);
    EQUAL(7, CALL("exit", "7"));
    snprintf(line, sizeof line, "argument -XX:AOTCache=%s", in_home(name));
    recorded(line);
}

static void a_messy_caller(void) {
    setenv("JAVA_TOOL_OPTIONS", "-Dx", 1);
    setenv("LD_PRELOAD", "", 1);
    setenv("JRUN_ENGINE_IDLE", "0012", 1);
    signal(SIGINT, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    sigset_t blocked;
    sigfillset(&blocked);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    umask(0777);
    CHECK(nice(3) >= 3);
    write_file("/proc/self/oom_score_adj", "500", 0);
    static const int limits[] = {RLIMIT_NOFILE, RLIMIT_CPU, RLIMIT_FSIZE};
    for (unsigned n = 0; n < 3; n++) {
        struct rlimit limit;
        getrlimit(limits[n], &limit);
        limit.rlim_cur = n ? 1 << 20 : 64;
        setrlimit(limits[n], &limit);
    }
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    struct sched_param none = {0};
    CHECK(!sched_setaffinity(0, sizeof first, &first) && !sched_setscheduler(0, SCHED_BATCH, &none));
    CHECK(!prctl(PR_SET_TIMERSLACK, 1) && personality(ADDR_NO_RANDOMIZE) >= 0);
    CHECK(dup2(STDIN_FILENO, 11) == 11 && dup2(STDIN_FILENO, 63) == 63 && !chdir("/tmp"));
}

static void expect_clean_engine(void) {
    char line[200];
    snprintf(line, sizeof line, "descriptor 0\ndescriptor 1\ndescriptor 2\nargument %s/lib/runtime/bin/java", home);
    recorded(line);
    recorded("0 is socket:");
    recorded("1 is /memfd:jrun-engine (deleted)");
    recorded("2 is /memfd:jrun-engine (deleted)");
    recorded("environment PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
             "environment LC_ALL=C.UTF-8\nenvironment HOME=/\ncwd /");
    recorded("session own");
    recorded("files to the limit");
    recorded("limited 0");
    recorded("processors all");
    recorded("slack 50000");
    recorded("personality 0");
    recorded("policy 0");
    recorded("securebits 0");
    recorded("Umask:\t0022");
    recorded("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000");
}

static void the_engine_has_nothing_of_its_caller(void) {
    before_exec = a_messy_caller;
    EQUAL(7, CALL("exit", "7"));
    expect_clean_engine();
    recorded("argument -Djrun.idle=0012");
    if (geteuid()) return; // the rest needs rights
    recorded("nice 0");
    recorded("oom_score_adj 0");
}

static void with_real_ids_of_another(void) {
    CHECK(!setresgid(65533, 0, 0) && !setresuid(65534, 0, 0));
}

static void with_a_real_id_of_root(void) {
    CHECK(!setresgid(0, 65533, 0) && !setresuid(0, 65534, 0));
}

// The loader would not find its libraries. It is an engine for this call alone.
static void an_engine_has_the_effective_ids_of_its_caller(void) {
    if (geteuid()) {
        fprintf(stderr, "skipped: this needs root\n");
        _exit(SKIPPED);
    }
    CHECK(!chmod(home, 0755));
    before_exec = with_real_ids_of_another;
    EQUAL(7, CALL("exit", "7"));
    recorded("ids 0 0 0 0 secure 0");
    recorded("argument -Djrun.socket=");
    CHECK(!chmod(home, 0777) && !unlink(in_home("record")) && !unlink(in_home("starts")) && !unlink(in_home("call")));
    before_exec = with_a_real_id_of_root;
    EQUAL(7, CALL("exit", "7"));
    recorded("ids 65534 65534 65533 65533 secure 0");
    recorded("argument -Djrun.socket=");
}

static void with_little_time(void) {
    struct rlimit limit = {1000, 1000};
    CHECK(!setrlimit(RLIMIT_CPU, &limit));
}

static void with_a_low_priority_for_good(void) {
    CHECK(nice(3) >= 3);
    if (!geteuid()) CHECK(!prctl(PR_CAPBSET_DROP, 23 /* CAP_SYS_NICE */, 0, 0, 0));
    struct rlimit limit = {0, 0};
    CHECK(!setrlimit(RLIMIT_NICE, &limit));
}

static void an_engine_that_keeps_a_limit_of_its_caller_does_not_stay(void) {
    before_exec = with_little_time;
    EQUAL(7, CALL("exit", "7"));
    recorded(strstr(read_file(in_home("record"), NULL), "limited 0\n") ? "session own" : "argument -Djrun.socket=");
    before_exec = with_a_low_priority_for_good;
    EQUAL(7, CALL("exit", "7"));
    recorded(strstr(read_file(in_home("record"), NULL), "nice 0\n") ? "session own" : "argument -Djrun.socket=");
}

static void leaves_nothing_behind(void) {
    EQUAL(7, CALL("exit", "7"));
    EQUAL(8, CALL("end-slowly"));
    EQUAL(9, CALL("again"));
    EQUAL(1, CALL("die"));
    EQUAL(1, CALL("change-and-die"));
    EQUAL(-1, waitpid(-1, NULL, WNOHANG));
    EQUAL(ECHILD, errno);
}

static void an_engine_for_one_call_leaves_nothing_behind(void) {
    CHECK(!prctl(PR_SET_CHILD_SUBREAPER, 1)); // we adopt what is left, and reap nothing
    setenv("JRUN_ENGINE_IDLE", "0", 1);
    leaves_nothing_behind();
    recorded("argument -Djrun.socket=");
}

// Root has a mount namespace of its own for these tests.
static void an_engine_that_does_not_say_that_it_stays_leaves_nothing_behind(void) {
    if (geteuid()) return;
    CHECK(!prctl(PR_SET_CHILD_SUBREAPER, 1));
    unsetenv("JRUN_ENGINE_IDLE");
    leaves_nothing_behind();
    CHECK(strstr(read_file(in_home("record"), NULL), "argument -Djrun.socket=/"));
    recorded("argument call-in-company");
}

static void an_engine_that_says_that_it_stays_is_not_waited_for(void) {
    if (geteuid()) return;
    CHECK(!prctl(PR_SET_CHILD_SUBREAPER, 1));
    unsetenv("JRUN_ENGINE_IDLE");
    EQUAL(0, CALL("stay-after-thought"));
    int status;
    EQUAL(0, waitpid(-1, &status, WNOHANG)); // it lives
    CHECK(waitpid(-1, &status, 0) > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
}

static void an_engine_that_was_asked_for_is_not_waited_for(void) {
    CHECK(!prctl(PR_SET_CHILD_SUBREAPER, 1));
    EQUAL(8, CALL("end-slowly"));
    recorded("argument call");
    CHECK(waitpid(-1, NULL, WNOHANG) >= 0);
}

static void the_engine_is_not_the_callers_child(void) {
    EQUAL(0, CALL("listen"));
    char *parent = strstr(read_file(in_home("record"), NULL), "PPid:\t");
    CHECK(parent && atoi(parent + 6) != getpid());
    EQUAL(-1, waitpid(-1, NULL, WNOHANG));
    EQUAL(0, CALL("stop"));
}

static const char *next_string(const char **at) {
    uint32_t length;
    memcpy(&length, *at, sizeof length);
    const char *string = strndup(*at + sizeof length, length);
    *at += sizeof length + length;
    return string;
}

static uint32_t next_number(const char **at) {
    uint32_t number;
    memcpy(&number, *at, sizeof number);
    *at += sizeof number;
    return number;
}

static void in_tmp_with_umask_027(void) {
    umask(027);
    CHECK(!chdir("/tmp") && !clearenv() && !setenv("A", "b c", 1) && !setenv("E", "", 1));
}

static void in_a_deleted_directory(void) {
    char directory[] = "/tmp/jrun-test-XXXXXX";
    CHECK(mkdtemp(directory) && !chdir(directory) && !rmdir(directory));
}

static void a_call_says_who_calls_from_where(void) {
    before_exec = in_tmp_with_umask_027;
    EQUAL(7, CALL("exit", "7", "", "ä"));
    size_t length;
    const char *start = read_file(in_home("call"), &length), *at = start;
    EQUAL(FORMAT_VERSION, next_number(&at));
    CHECK((pid_t)next_number(&at) > getpid());
    EQUAL(027, next_number(&at));
    EQUAL(isatty(0) | isatty(1) << 1, next_number(&at));
    at += 8;
    CHECK(!strcmp(home, next_string(&at)));
    CHECK(!strcmp(build, next_string(&at)));
    CHECK(!strcmp("/tmp", next_string(&at)));
    EQUAL(4, next_number(&at));
    CHECK(!strcmp("exit", next_string(&at)) && !strcmp("7", next_string(&at)));
    CHECK(!strcmp("", next_string(&at)) && !strcmp("ä", next_string(&at)));
    EQUAL(2, next_number(&at));
    CHECK(!strcmp("A=b c", next_string(&at)) && !strcmp("E=", next_string(&at)));
    EQUAL(length, at - start);

    before_exec = in_a_deleted_directory;
    EQUAL(7, CALL("exit", "7"));
    at = read_file(in_home("call"), NULL) + 24;
    next_string(&at);
    next_string(&at);
    EQUAL(0, strlen(next_string(&at)));
}

static void on_a_terminal(void) {
    int terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    struct {
        unsigned short rows, columns, x, y;
    } size = {33, 101, 0, 0};
    if (terminal < 0) _exit(SKIPPED);
    CHECK(!syscall(SYS_ioctl, terminal, 0x5414 /* TIOCSWINSZ */, &size));
    CHECK(dup2(terminal, 1) == 1);
    close(0);
    CHECK(!open("/dev/null", O_RDWR));
}

static void a_call_tells_of_its_terminal(void) {
    before_exec = on_a_terminal;
    EQUAL(7, CALL("exit", "7"));
    const char *at = read_file(in_home("call"), NULL) + 12;
    EQUAL(2, next_number(&at));
    EQUAL(33, next_number(&at));
    EQUAL(101, next_number(&at));
}

static void with_a_large_environment(void) {
    char *value = malloc(100000);
    memset(value, 'x', 99999);
    value[99999] = '\0';
    for (int n = 0; n < 12; n++) {
        char name[16];
        snprintf(name, sizeof name, "V%d", n);
        setenv(name, value, 1);
    }
}

static void large_calls_arrive(void) {
    before_exec = with_a_large_environment;
    EQUAL(7, CALL("exit", "7"));
    EQUAL(0, CALL("listen"));
    EQUAL(107, CALL("exit", "7"));
    EQUAL(0, CALL("stop"));
}

static void without_standard_descriptors(void) {
    for (int fd = 0; fd < 3; fd++) close(fd);
}

static void closed_standard_descriptors_do_no_harm(void) {
    before_exec = without_standard_descriptors;
    EQUAL(7, CALL("exit", "7"));
    expect_clean_engine();
}

static void a_missing_engine_is_an_error(void) {
    CHECK(!unlink(in_home("lib/runtime/bin/java")));
    EQUAL(1, CALL("exit", "7"));
    char line[200];
    snprintf(line, sizeof line, "jrun: cannot start the engine: %s/lib/runtime/bin/java: no such file or directory\n",
             home);
    said(line);
    write_file(in_home("lib/runtime/bin/java"), "", 0644);
    EQUAL(1, CALL("exit", "7"));
    said(": permission denied\n");
}

static void an_engine_that_ends_is_an_error(void) {
    EQUAL(1, CALL("die"));
    said("jrun: the engine ended before it answered: exit code 0\n");
    EQUAL(1, starts());
    EQUAL(1, CALL("change-and-die"));
    said("jrun: the engine ended during the call; what it has left is in jrun list\n");
    EQUAL(2, starts());
    EQUAL(1, CALL("nonsense"));
    said("jrun: the engine sent a malformed program: a frame comes out of turn\n");
    EQUAL(3, starts());
}

static void the_cause_of_an_engines_end_is_said(void) {
    EQUAL(1, CALL("be-killed"));
    said("jrun: the engine ended before it answered (is memory.max of the cgroup, or RLIMIT_CPU, reached, or the "
         "machine out of memory?): killed by signal 9\n");
    EQUAL(1, CALL("die-with-words", "Failed to start\tthread: pthread_create failed (EAGAIN)\n\n"));
    said("jrun: the engine ended before it answered (is pids.max of the cgroup, or RLIMIT_NPROC, reached?): exit code "
         "3: Failed to start thread: pthread_create failed (EAGAIN)\n");
    EQUAL(1, CALL("die-with-words", "Could not reserve enough space"));
    said(" (is there too little memory, or RLIMIT_AS?): exit code 3: Could not");
}

static void where_nobody_reads(void) {
    int full[2];
    CHECK(!pipe2(full, O_NONBLOCK) && dup2(full[1], STDERR_FILENO) == STDERR_FILENO);
    char bytes[4096] = "";
    while (write(STDERR_FILENO, bytes, sizeof bytes) > 0)
        ;
    CHECK(!fcntl(STDERR_FILENO, F_SETFL, 0));
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    CHECK(!sigprocmask(SIG_BLOCK, &term, NULL)); // until the shim lets it in
}

static void a_full_pipe_keeps_no_shim_from_being_ended(void) {
    alarm(20);
    unlink(in_home("lib/runtime/bin/java"));
    int ready[2];
    CHECK(!pipe(ready));
    pid_t pid = fork();
    if (pid == 0) {
        where_nobody_reads();
        CHECK(write(ready[1], "", 1) == 1);
        execl(jrun, "jrun", "exit", "7", NULL);
        _exit(127);
    }
    char byte;
    CHECK(read(ready[0], &byte, 1) == 1 && !kill(pid, SIGTERM));
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
    EQUAL(SIGTERM, WTERMSIG(status));
}

static void a_bad_idle_time_is_an_error(void) {
    static const char *const bad[] = {"", "12345678", "1x", "-1", " 1", "1 ", "1\n"};
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        setenv("JRUN_ENGINE_IDLE", bad[n], 1);
        EQUAL(1, CALL("exit", "7"));
        said("jrun: JRUN_ENGINE_IDLE must be a number of seconds");
    }
    EQUAL(0, starts());
    setenv("JRUN_ENGINE_IDLE", "9999999", 1);
    EQUAL(7, CALL("exit", "7"));
}

static void a_broken_distribution_is_an_error(void) {
    static const char *const bad[] = {
        "",
        "\n",
        "xyz",
        "ABC",
        "a b",
        "aa\nbb",
        "aa\n\n",
        "00000000001111111111222222222233333333334444444444555555555566666", // 65
    };
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        write_file(in_home("lib/build"), bad[n], 0644);
        EQUAL(1, CALL("exit", "7"));
        said("/lib/build does not name a build: install jrun again\n");
    }
    write_file(in_home("lib/build"), bad[7] + 1, 0644); // 64
    EQUAL(7, CALL("exit", "7"));
    unlink(in_home("lib/build"));
    EQUAL(1, CALL("exit", "7"));
    said("/lib/build: no such file or directory\n");
    copy_file(jrun_binary, in_home("bin/other"));
    EQUAL(1, execute(in_home("bin/other"), "jrun", "exit", "7", NULL));
    said("/bin/other is not bin/jrun of an installed jrun\n");
}

// Warm.

static void an_engine_that_listens_serves_later_calls(void) {
    EQUAL(0, CALL("listen"));
    for (int n = 0; n < 20; n++) EQUAL(105, CALL("exit", "5"));
    EQUAL(1, starts());
    EQUAL(0, CALL("stop"));
    EQUAL(5, CALL("exit", "5"));
    EQUAL(2, starts());
}

static void an_engine_that_takes_no_call_is_not_waited_for(void) {
    EQUAL(0, CALL("listen-and-sleep"));
    EQUAL(5, CALL("exit", "5"));
    EQUAL(2, starts());
}

static void an_engine_that_has_taken_a_call_is_waited_for(void) {
    EQUAL(0, CALL("listen"));
    EQUAL(108, CALL("think"));
    EQUAL(1, starts());
    EQUAL(0, CALL("stop"));
}

static void an_engine_of_another_build_is_not_used(void) {
    EQUAL(0, CALL("listen"));
    write_file(in_home("lib/build"), "1", 0644);
    EQUAL(5, CALL("exit", "5"));
    write_file(in_home("lib/build"), build, 0644);
    EQUAL(0, CALL("stop"));
}

static void a_lost_call_is_made_again_once(void) {
    EQUAL(0, CALL("listen"));
    EQUAL(5, CALL("die-if-warm", "5"));
    EQUAL(2, starts());
    EQUAL(6, CALL("refuse-if-warm", "6"));
    EQUAL(3, starts());
    EQUAL(7, CALL("retryable-if-warm", "7"));
    EQUAL(4, starts());
    EQUAL(1, CALL("die"));
    said("jrun: the engine ended before it answered: exit code 0\n");
    EQUAL(5, starts());
    EQUAL(1, CALL("change-and-die"));
    said("jrun: the engine ended during the call; what it has left is in jrun list\n");
    EQUAL(5, starts());
    EQUAL(0, CALL("stop"));
}

static void a_socket_left_behind_does_no_harm(void) {
    EQUAL(0, CALL("exit"));
    char *directory = socket_directory();
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    EQUAL(0, CALL("listen")); // makes the directory
    EQUAL(0, CALL("stop"));
    snprintf(address.sun_path, sizeof address.sun_path, "%.80s/service.sock", directory);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(!bind(fd, (struct sockaddr *)&address, sizeof address));
    EQUAL(5, CALL("exit", "5"));
    unlink(address.sun_path);
}

// Where an engine listens. Another may have listened there.
static char *engines_place(void) {
    EQUAL(0, CALL("listen")); // makes the directory
    char *path = socket_path();
    EQUAL(0, CALL("stop"));
    return path;
}

// Listens as process pid's engine would at this place. The file's name is taken away.
static int listen_as_engine(const char *place, pid_t pid, int *descriptor) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *name = strrchr(place, '/') + 1;
    snprintf(address.sun_path, sizeof address.sun_path, "%.*s.%s.%d", (int)(name - place), place, name, pid);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK(!bind(fd, (struct sockaddr *)&address, sizeof address) && !listen(fd, 0));
    *descriptor = open(address.sun_path, O_PATH | O_CLOEXEC);
    CHECK(*descriptor >= 0 && !unlink(address.sun_path));
    return fd;
}

static void link_to(const char *place, pid_t pid, int descriptor, const char *rest) {
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/fd/%d%s", pid, descriptor, rest);
    CHECK(!symlink(link, place));
}

// A call comes to us by this link, or, for want of an engine that answers, to an engine of its own.
static void expect_connection(const char *place, int listener, bool expected) {
    int starts_before = (int)starts();
    EQUAL(5, CALL("exit", "5"));
    EQUAL(starts_before + 1, starts());
    EQUAL(expected, accept(listener, NULL, NULL) >= 0);
    CHECK(!unlink(place));
}

static void a_link_is_followed_only_to_what_an_engine_puts_there(void) {
    char *place = engines_place();
    int descriptor, listener = listen_as_engine(place, getpid(), &descriptor);
    link_to(place, getpid(), descriptor, "");
    expect_connection(place, listener, true); // we are the caller's equal
    static const char *const others[] = {"/", "x", "/../0"};
    for (size_t n = 0; n < sizeof others / sizeof *others; n++) {
        link_to(place, getpid(), descriptor, others[n]);
        expect_connection(place, listener, false);
    }
    // What another process had there: its pid was ours before.
    listener = listen_as_engine(place, getppid(), &descriptor);
    link_to(place, getpid(), descriptor, "");
    expect_connection(place, listener, false);
}

// The name is right, and the mount is not the one that is there.
static void a_name_that_was_made_elsewhere_is_not_followed(void) {
    if (geteuid()) {
        fprintf(stderr, "skipped: this needs root\n");
        _exit(SKIPPED);
    }
    char *place = engines_place(), *directory = socket_directory();
    int descriptor;
    CHECK(!mount("tmpfs", directory, "tmpfs", 0, "mode=700"));
    int listener = listen_as_engine(place, getpid(), &descriptor);
    CHECK(!umount2(directory, MNT_DETACH));
    link_to(place, getpid(), descriptor, "");
    expect_connection(place, listener, false);
}

// Has the pid of an engine that was killed, and a file under the descriptor of its socket for which the kernel asks a
// server that never answers. The server ends with it.
static void have_a_file_that_does_not_answer(int said) {
    char options[96], directory[] = "/tmp/jrun-test-XXXXXX";
    int server = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,default_permissions", server);
    CHECK(!prctl(PR_SET_PDEATHSIG, SIGKILL) && !unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
    CHECK(!mount("none", "/tmp", "tmpfs", 0, NULL) && mkdtemp(directory));
    int file = mount("none", directory, "fuse", 0, options) ? -1 : open(directory, O_PATH | O_CLOEXEC);
    CHECK(write(said, &file, sizeof file) == sizeof file);
    for (;;) pause();
}

static void who_has_a_dead_engines_pid_keeps_nobody_waiting(void) {
    if (geteuid() || access("/dev/fuse", R_OK | W_OK)) {
        fprintf(stderr, "skipped: this needs root and /dev/fuse\n");
        _exit(SKIPPED);
    }
    alarm(20); // with us ends the server, and whoever waits for it
    char *place = engines_place();
    int said[2], descriptor;
    CHECK(!pipe2(said, O_CLOEXEC));
    pid_t pid = fork();
    if (pid == 0) have_a_file_that_does_not_answer(said[1]);
    CHECK(read(said[0], &descriptor, sizeof descriptor) == sizeof descriptor);
    if (descriptor >= 0) {
        link_to(place, pid, descriptor, "");
        EQUAL(5, CALL("exit", "5"));
        CHECK(!unlink(place));
    }
    CHECK(!kill(pid, SIGKILL) && waitpid(pid, NULL, 0) == pid);
    if (descriptor >= 0) return;
    fprintf(stderr, "skipped: a FUSE file system cannot be mounted here\n");
    _exit(SKIPPED);
}

static bool waits_to_connect_and_lets_itself_be_ended(pid_t pid) {
    char path[32], begin[16];
    snprintf(path, sizeof path, "/proc/%d/syscall", pid);
    snprintf(begin, sizeof begin, "%d ", SYS_connect);
    if (strncmp(read_file(path, NULL), begin, strlen(begin))) return false;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    const char *blocked = strstr(read_file(path, NULL), "SigBlk:\t");
    return blocked && !(strtoull(blocked + strlen("SigBlk:\t"), NULL, 16) >> (SIGTERM - 1) & 1);
}

static void a_full_queue_keeps_no_shim_from_being_ended(void) {
    alarm(20);
    char *place = engines_place();
    int descriptor, listener = listen_as_engine(place, getpid(), &descriptor);
    CHECK(listener >= 0);
    link_to(place, getpid(), descriptor, "");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, place);
    int last = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    while (!connect(last, (struct sockaddr *)&address, sizeof address))
        last = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    EQUAL(EAGAIN, errno);
    pid_t pid = fork();
    if (pid == 0) {
        execl(jrun, "jrun", "exit", "7", NULL);
        _exit(127);
    }
    int status;
    while (!waits_to_connect_and_lets_itself_be_ended(pid)) EQUAL(0, waitpid(pid, &status, WNOHANG));
    CHECK(!kill(pid, SIGTERM));
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
    EQUAL(SIGTERM, WTERMSIG(status));
}

static void an_engine_with_other_rights_is_not_used(void) {
    EQUAL(0, CALL("listen", "no-new-privileges"));
    EQUAL(5, CALL("exit", "5"));
    EQUAL(2, starts());
}

static void a_directory_of_others_is_not_used(void) {
    EQUAL(0, CALL("listen"));
    EQUAL(105, CALL("exit", "5"));
    char *directory = socket_directory();
    static const mode_t bad[] = {0770, 0702, 01777};
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        CHECK(!chmod(directory, bad[n]));
        EQUAL(5, CALL("exit", "5"));
        recorded("argument -Djrun.socket=");
    }
    CHECK(!chmod(directory, 0755));
    EQUAL(105, CALL("exit", "5"));
    if (!geteuid()) {
        CHECK(!chown(directory, 65534, 0));
        EQUAL(5, CALL("exit", "5"));
        recorded("argument -Djrun.socket=");
        CHECK(!chown(directory, 0, 0));
    }
    char other[256];
    snprintf(other, sizeof other, "%s-other", directory);
    CHECK(!rename(directory, other) && !symlink(other, directory));
    EQUAL(5, CALL("exit", "5"));
    recorded("argument -Djrun.socket=");
    CHECK(!unlink(directory) && !rename(other, directory));
    EQUAL(0, CALL("stop"));
}

static void a_caller_under_a_seccomp_filter_is_cold(void) {
    EQUAL(0, CALL("listen"));
    EQUAL(5, execute(without_syscalls, "without-syscalls", "ENOSYS", "999", "--", jrun, "exit", "5", NULL));
    recorded("argument -Djrun.socket=");
    EQUAL(105, CALL("exit", "5"));
    EQUAL(0, CALL("stop"));
}

static void descriptors_are_closed_without_close_range(void) {
    char number[16];
    snprintf(number, sizeof number, "%d", SYS_close_range);
    before_exec = a_messy_caller;
    EQUAL(5, execute(without_syscalls, "without-syscalls", "EPERM", number, "--", jrun, "exit", "5", NULL));
    expect_clean_engine();
}

// Sessions.

static void a_session_goes_on_after_exec(void) {
    EQUAL(9, CALL("again"));
    EQUAL(1, starts());
    EQUAL(0, CALL("listen"));
    EQUAL(9, CALL("again"));
    EQUAL(0, CALL("again-and-die-if-warm")); // "exit" without a number, by an engine of its own
    EQUAL(3, starts());
    EQUAL(0, CALL("stop"));
}

// One with sanitizers is not static, and cannot.
static int adopts(void) {
    return strstr(jrun_binary, "build/test/") ? ENOEXEC : 0;
}

static void a_session_goes_on_as_a_copy_where_it_stands(void) {
    setenv("JRUN_ENGINE_IDLE", "60", 1);
    EQUAL(ECHILD, CALL("adopt")); // it keeps open what its engine says
    EQUAL(0, CALL("listen"));
    EQUAL(adopts(), CALL("adopt"));
    EQUAL(3, CALL("adopt-and-die-if-warm", "3")); // by an engine of its own
    EQUAL(3, starts());
    EQUAL(0, CALL("stop"));
}

static void without_those_capabilities(void) {
    if (geteuid()) return;
    CHECK(!prctl(PR_CAPBSET_DROP, 21 /* CAP_SYS_ADMIN */, 0, 0, 0));
    CHECK(!prctl(PR_CAPBSET_DROP, 40 /* CAP_CHECKPOINT_RESTORE */, 0, 0, 0));
}

static void who_may_not_be_another_executable_is_told_so(void) {
    before_exec = without_those_capabilities;
    EQUAL(0, CALL("listen"));
    EQUAL(adopts() ? adopts() : EPERM, CALL("adopt"));
    EQUAL(0, CALL("stop"));
}

static void engines_that_break_off_are_not_followed_by_others_without_end(void) {
    EQUAL(1, CALL("again-and-die"));
    said("jrun: the engine ended before it answered: exit code 0\n");
    EQUAL(2, starts()); // the second is for this call alone
    setenv("JRUN_ENGINE_IDLE", "0", 1);
    EQUAL(1, CALL("again-and-die"));
    said("jrun: the engine ended before it answered: exit code 0\n");
    EQUAL(3, starts());
    setenv("JRUN_ENGINE_IDLE", "60", 1);
    EQUAL(0, CALL("listen"));
    EQUAL(1, CALL("again-and-die"));
    said("jrun: the engine ended before it answered: exit code 0\n");
    EQUAL(6, starts());
    EQUAL(0, CALL("stop"));
}

static void an_engine_that_is_busy_with_others_is_followed_by_one(void) {
    EQUAL(7, CALL("serve-others", "7"));
    EQUAL(2, starts());
    recorded("argument -Djrun.socket=");
    EQUAL(0, CALL("stop"));
}

static void on_a_closed_channel(void) {
    int channel[2];
    CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, channel) && dup2(channel[0], 9) == 9);
    close(channel[0]);
    close(channel[1]);
}

static void a_session_without_a_distribution_is_not_repeated(void) {
    before_exec = on_a_closed_channel;
    EQUAL(1, execute(jrun, "jrun-session", "9", "0", "0", "", "exit", "7", NULL));
    said("jrun: the engine ended before it answered\n");
    EQUAL(0, starts());
    EQUAL(7, execute(jrun, "jrun-session", "9", "0", "0", home, "exit", "7", NULL));
    EQUAL(1, starts());
}

static void a_session_needs_its_arguments(void) {
    EQUAL(1, execute(jrun, "jrun-session", NULL));
    said("jrun: jrun-session needs");
    EQUAL(1, execute(jrun, "jrun-session", "0", NULL));
    said("jrun: jrun-session needs");
    EQUAL(1, execute(jrun, "jrun-session", "9", "0", "0", NULL));
    said("jrun: jrun-session needs");
    EQUAL(1, execute(jrun, "jrun-session", "x", "0", "0", "", NULL));
    said("jrun: jrun-session needs");
    EQUAL(1, execute(jrun, "jrun-session", "9", "0", "x", "", NULL));
    said("jrun: jrun-session needs");
    EQUAL(1, execute(jrun, "jrun-session", "77", "0", "0", "", NULL)); // not open
    said("jrun: jrun-session needs");
}

// As a service.

static void serve_without_a_socket_gets_none(void) {
    setenv("JAVA_TOOL_OPTIONS", "-Dx", 1);
    setenv("LISTEN_PID", "1", 1);
    setenv("LISTEN_FDS", "1", 1);
    EQUAL(3, CALL("engine", "serve"));
    recorded("argument dev.jrun.cli.Main\nargument serve");
    recorded("0 is /dev/null");
    recorded("2 is pipe:");
    recorded("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000");
    not_recorded("JAVA_TOOL_OPTIONS");
    not_recorded("LISTEN_PID");
    CHECK(socket_path()[0] == '/');
    char line[32];
    snprintf(line, sizeof line, "PPid:\t%d", getpid());
    recorded(line);                              // executed in place
    EQUAL(0, CALL("engine", "serve", "--help")); // an ordinary call
    recorded("argument dev.jrun.cli.Main\nargument call");
}

static void listening(const char *count) {
    char own[16];
    snprintf(own, sizeof own, "%d", getpid());
    setenv("LISTEN_PID", own, 1);
    setenv("LISTEN_FDS", count, 1);
}

static void with_two_sockets(void) {
    listening("2");
}

static void with_a_socket_that_is_none(void) {
    listening("1");
    CHECK(dup2(0, 3) == 3);
}

static void serve_needs_one_listening_socket(void) {
    before_exec = with_two_sockets;
    EQUAL(1, CALL("engine", "serve"));
    said("jrun: engine serve takes one listening socket");
    before_exec = with_a_socket_that_is_none;
    EQUAL(1, CALL("engine", "serve"));
    said("jrun: the descriptor given by LISTEN_FDS is no listening socket: ");
}

static void a_service_serves_on_the_socket_it_was_given(void) {
    EQUAL(0, CALL("listen")); // makes the directory
    char *directory = socket_directory();
    EQUAL(0, CALL("stop"));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%.80s/service.sock", directory);
    // Whoever made the socket is gone: the engine itself must be seen to listen.
    int ready[2];
    CHECK(!pipe2(ready, O_CLOEXEC));
    pid_t manager = fork();
    if (manager == 0) {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        CHECK(!bind(fd, (struct sockaddr *)&address, sizeof address) && !listen(fd, 4));
        if (fork() == 0) {
            if (fd != 3) CHECK(dup2(fd, 3) == 3);
            listening("1");
            execl(jrun, "jrun", "engine", "serve", NULL);
            _exit(127);
        }
        _exit(0);
    }
    close(ready[1]);
    char byte;
    EQUAL(0, read(ready[0], &byte, 1)); // ends with the exec of jrun
    waitpid(manager, NULL, 0);
    // A call may be faster than the service; then it is cold.
    int code;
    do code = CALL("exit", "5");
    while (code == 5);
    EQUAL(105, code);
    recorded("0 is socket:");
    unlink(address.sun_path);
}

int main(int argc, char *argv[]) {
    CHECK(argc == 4);
    jrun_binary = argv[1];
    engine_binary = argv[2];
    without_syscalls = realpath(argv[3], NULL);
    // A /run of our own; those who are not root have XDG_RUNTIME_DIR.
    if (!geteuid() && (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
                       mount("tmpfs", "/run", "tmpfs", 0, NULL))) {
        printf("skipped: a mount namespace cannot be made: %s\n", strerror(errno));
        return 0;
    }
    static const struct test tests[] = {
        TEST(a_call_goes_to_an_engine_that_is_started_for_it),
        TEST(the_cache_is_used_if_it_exists),
        TEST(the_engine_has_nothing_of_its_caller),
        TEST(an_engine_has_the_effective_ids_of_its_caller),
        TEST(an_engine_that_keeps_a_limit_of_its_caller_does_not_stay),
        TEST(an_engine_for_one_call_leaves_nothing_behind),
        TEST(an_engine_that_does_not_say_that_it_stays_leaves_nothing_behind),
        TEST(an_engine_that_says_that_it_stays_is_not_waited_for),
        TEST(an_engine_that_was_asked_for_is_not_waited_for),
        TEST(the_engine_is_not_the_callers_child),
        TEST(a_call_says_who_calls_from_where),
        TEST(a_call_tells_of_its_terminal),
        TEST(large_calls_arrive),
        TEST(closed_standard_descriptors_do_no_harm),
        TEST(a_missing_engine_is_an_error),
        TEST(an_engine_that_ends_is_an_error),
        TEST(the_cause_of_an_engines_end_is_said),
        TEST(a_full_pipe_keeps_no_shim_from_being_ended),
        TEST(a_bad_idle_time_is_an_error),
        TEST(a_broken_distribution_is_an_error),
        TEST(an_engine_that_listens_serves_later_calls),
        TEST(an_engine_that_takes_no_call_is_not_waited_for),
        TEST(an_engine_that_has_taken_a_call_is_waited_for),
        TEST(an_engine_of_another_build_is_not_used),
        TEST(a_lost_call_is_made_again_once),
        TEST(a_socket_left_behind_does_no_harm),
        TEST(a_link_is_followed_only_to_what_an_engine_puts_there),
        TEST(a_name_that_was_made_elsewhere_is_not_followed),
        TEST(who_has_a_dead_engines_pid_keeps_nobody_waiting),
        TEST(a_full_queue_keeps_no_shim_from_being_ended),
        TEST(an_engine_with_other_rights_is_not_used),
        TEST(a_directory_of_others_is_not_used),
        TEST(a_caller_under_a_seccomp_filter_is_cold),
        TEST(descriptors_are_closed_without_close_range),
        TEST(a_session_goes_on_after_exec),
        TEST(a_session_goes_on_as_a_copy_where_it_stands),
        TEST(who_may_not_be_another_executable_is_told_so),
        TEST(engines_that_break_off_are_not_followed_by_others_without_end),
        TEST(an_engine_that_is_busy_with_others_is_followed_by_one),
        TEST(a_session_without_a_distribution_is_not_repeated),
        TEST(a_session_needs_its_arguments),
        TEST(serve_without_a_socket_gets_none),
        TEST(serve_needs_one_listening_socket),
        TEST(a_service_serves_on_the_socket_it_was_given),
    };
    return run_tests(tests, sizeof tests / sizeof *tests, make_home, remove_home);
}
