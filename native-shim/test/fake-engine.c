// SPDX-License-Identifier: Apache-2.0
// In the place of java: an engine that obeys the first argument of the call. It writes how it was started to
// HOME/record and the last call to HOME/call. Whom it serves by its own socket gets 100 added to the exit code.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "assembler.h"

static const char *home, *listen_path;
static bool in_company;

// A shim waits for it only where engines stay in company.
static void say_that_it_stays(int channel) {
    if (in_company) send_frame(channel, FRAME_STAYS, NULL, 0);
}

static FILE *open_in_home(const char *name, const char *mode) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", home, name);
    FILE *file = fopen(path, mode);
    CHECK(file);
    return file;
}

static const char *option(char *argv[], const char *name) {
    for (; *argv; argv++)
        if (!strncmp(*argv, name, strlen(name))) return *argv + strlen(name);
    return NULL;
}

static void record(char *argv[]) {
    FILE *out = open_in_home("starts", "a");
    fputc('.', out);
    fclose(out);
    out = open_in_home("record", "w");
    DIR *descriptors = opendir("/proc/self/fd");
    for (struct dirent *entry; (entry = readdir(descriptors));)
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(descriptors) && atoi(entry->d_name) != fileno(out))
            fprintf(out, "descriptor %s\n", entry->d_name);
    closedir(descriptors);
    for (char **at = argv; *at; at++) fprintf(out, "argument %s\n", *at);
    for (char **at = environ; *at; at++) fprintf(out, "environment %s\n", *at);
    char line[4096];
    fprintf(out, "cwd %s\n", getcwd(line, sizeof line));
    fprintf(out, "ids %d %d %d %d secure %lu\n", getuid(), geteuid(), getgid(), getegid(), getauxval(AT_SECURE));
    fprintf(out, "session %s\n", getsid(0) == getpid() ? "own" : "another's");
    fprintf(out, "nice %d\n", getpriority(PRIO_PROCESS, 0));
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    fprintf(out, "files %s\n", limit.rlim_cur == limit.rlim_max ? "to the limit" : "limited");
    static const int unlimited[] = {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_AS};
    unsigned limited = 0;
    for (unsigned n = 0; n < 4; n++) limited += getrlimit(unlimited[n], &limit) || limit.rlim_cur != RLIM_INFINITY;
    cpu_set_t processors;
    sched_getaffinity(0, sizeof processors, &processors);
    fprintf(out, "limited %u\npolicy %d\nprocessors %s\nslack %d\nsecurebits %d\npersonality %x\nkeyring %ld\n",
            limited, sched_getscheduler(0),
            CPU_COUNT(&processors) == sysconf(_SC_NPROCESSORS_ONLN) ? "all" : "few", prctl(PR_GET_TIMERSLACK),
            prctl(PR_GET_SECUREBITS), (unsigned)personality(0xffffffff),
            syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -3 /* KEY_SPEC_SESSION_KEYRING */, 0));
    for (int fd = 0; fd < 3; fd++) {
        char path[32];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(path, line, sizeof line - 1);
        line[length < 0 ? 0 : length] = '\0';
        line[strcspn(line, "[")] = '\0';
        fprintf(out, "%d is %s\n", fd, line);
    }
    FILE *status = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, status))
        if (!strncmp(line, "Sig", 3) || !strncmp(line, "Umask", 5) || !strncmp(line, "PPid", 4)) fputs(line, out);
    FILE *score = fopen("/proc/self/oom_score_adj", "r");
    if (fgets(line, sizeof line, score)) fprintf(out, "oom_score_adj %s", line);
    fclose(out);
}

static void skip_string(const uint8_t **at) {
    uint32_t length;
    memcpy(&length, *at, sizeof length);
    *at += sizeof length + length;
}

// The n-th argument of the call, "" if it has not so many.
static char *argument(const struct frame *call, unsigned n) {
    const uint8_t *at = call->payload + 6 * 4;
    for (unsigned strings = 0; strings < 3; strings++) skip_string(&at);
    uint32_t count, length;
    memcpy(&count, at, sizeof count);
    if (n >= count) return strdup("");
    at += sizeof count;
    while (n--) skip_string(&at);
    memcpy(&length, at, sizeof length);
    return strndup((const char *)at + sizeof length, length);
}

static void send_exit(int channel, int code) {
    struct source *s = new_source();
    ADD(s, OP_EXIT, .operands = {(uint64_t)code});
    send_program(channel, s);
}

static void send_end(int channel, uint32_t flags) {
    struct source *s = new_source();
    s->header.flags = flags;
    ADD(s, OP_END);
    send_program(channel, s);
    expect_frame(channel, FRAME_FINISHED);
}

// The shim executes itself anew.
static void send_again(int channel, const char *command) {
    char path[4096];
    snprintf(path, sizeof path, "%s/bin/jrun", home);
    struct source *s = new_source();
    s->header.flags = FLAG_RETRYABLE;
    uint64_t null = 0;
    uint32_t number = add_data(s, "000000000000000000000", 21), executable = add_string(s, path),
             name = add_string(s, "jrun-session"), child = add_data(s, "000000000000000000000", 21),
             ignored = add_data(s, "000000000000000000000", 21), root = add_string(s, home),
             argument0 = add_string(s, command), idle = add_string(s, "JRUN_ENGINE_IDLE=60");
    uint32_t argv = add_pointer(s, name);
    add_pointer(s, number);
    add_pointer(s, child);
    add_pointer(s, ignored);
    add_pointer(s, root);
    add_pointer(s, argument0);
    add_data(s, &null, sizeof null);
    uint32_t envp = add_pointer(s, idle);
    add_data(s, &null, sizeof null);
    ADD(s, OP_SYSCALL, .nr = SYS_fcntl, .kinds = REGISTER(0), .operands = {REGISTER_CHANNEL, F_SETFD, 0});
    ADD(s, OP_FORMAT, .kinds = REGISTER(2), .operands = {number, 0, REGISTER_CHANNEL});
    ADD(s, OP_FORMAT, .kinds = REGISTER(2), .operands = {child, 0, REGISTER_ENGINE});
    ADD(s, OP_FORMAT, .kinds = REGISTER(2), .operands = {ignored, 0, REGISTER_IGNORED});
    ADD(s, OP_SYSCALL, .nr = SYS_execve, .kinds = ADDRESS(0) | ADDRESS(1) | ADDRESS(2),
        .operands = {executable, argv, envp});
    ADD(s, OP_EXIT, .operands = {99});
    send_program(channel, s);
    EQUAL(0, expect_frame(channel, FRAME_READY).length);
}

// The shim executes a copy of its executable where it stands, or says why it cannot. Returns the errno.
static uint64_t send_adopting(int channel) {
    struct source *s = new_source();
    s->header.flags = FLAG_RETRYABLE;
    uint32_t name = add_string(s, "copy"), self = add_string(s, "/proc/self/exe");
    ADD(s, OP_SYSCALL, .dst = 0, .nr = SYS_memfd_create, .kinds = ADDRESS(0), .operands = {name, 1 /* MFD_CLOEXEC */});
    ADD(s, OP_SYSCALL, .dst = 1, .nr = SYS_openat, .kinds = ADDRESS(1),
        .operands = {(uint64_t)AT_FDCWD, self, O_RDONLY | O_CLOEXEC});
    ADD(s, OP_SYSCALL, .nr = SYS_sendfile, .kinds = REGISTER(0) | REGISTER(1), .operands = {0, 1, 0, 1 << 30});
    ADD(s, OP_ADOPT, .dst = 2, .kinds = REGISTER(0), .operands = {0});
    ADD(s, OP_SYSCALL, .nr = SYS_close, .kinds = REGISTER(0), .operands = {0});
    ADD(s, OP_SYSCALL, .nr = SYS_close, .kinds = REGISTER(0), .operands = {1});
    ADD(s, OP_YIELD, .operands = {0, 0, 0, 0, 0, 1 << 2});
    ADD(s, OP_END, .mode = END_READY);
    send_program(channel, s);
    uint64_t error;
    memcpy(&error, expect_frame(channel, FRAME_YIELDED).payload + 16, sizeof error); // behind a tag and a mask
    EQUAL(0, expect_frame(channel, FRAME_READY).length);
    return error;
}

// Whether a file of the process in /proc has this in it; its NULs are read as newlines.
static bool has(pid_t pid, const char *file, const char *text) {
    static char content[65536];
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    FILE *in = fopen(path, "r");
    CHECK(in);
    size_t length = fread(content, 1, sizeof content - 1, in);
    fclose(in);
    content[length] = '\0';
    for (char *at = content; at < content + length; at++)
        if (!*at) *at = '\n';
    return strstr(content, text);
}

// Whoever looks at the shim sees nothing else than before, but the copy in place of its executable.
static void expect_adopted(int channel, const char *command) {
    struct ucred shim;
    socklen_t size = sizeof shim;
    char path[64], executable[4096], bin[4096], arguments[64];
    EQUAL(0, getsockopt(channel, SOL_SOCKET, SO_PEERCRED, &shim, &size));
    snprintf(path, sizeof path, "/proc/%d/exe", shim.pid);
    ssize_t length = readlink(path, executable, sizeof executable - 1);
    CHECK(length > 0);
    executable[length] = '\0';
    CHECK(!strcmp("/memfd:copy (deleted)", executable));
    CHECK(has(shim.pid, "maps", executable));
    snprintf(bin, sizeof bin, "%s/bin/jrun", home);
    CHECK(!has(shim.pid, "maps", bin));
    snprintf(arguments, sizeof arguments, "jrun\n%s\n", command);
    CHECK(has(shim.pid, "cmdline", arguments));
    CHECK(has(shim.pid, "environ", "JRUN_ENGINE_IDLE="));
}

// As an engine does: where it may listen is a link to its own descriptor of a socket without a name.
static int listen_here(const char *as) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char directory[100], link[64];
    const char *name = strrchr(listen_path, '/') + 1;
    CHECK((size_t)(name - listen_path) < sizeof directory);
    snprintf(directory, sizeof directory, "%.*s", (int)(name - listen_path), listen_path);
    for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(directory, 0700);
        *slash = '/';
    }
    CHECK(snprintf(address.sun_path, sizeof address.sun_path, "%s.%s.%d", directory, name, getpid()) <
          (int)sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(!bind(fd, (struct sockaddr *)&address, sizeof address));
    if (!strcmp(as, "no-new-privileges")) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    CHECK(!listen(fd, 16));
    snprintf(link, sizeof link, "/proc/%d/fd/%d", getpid(), open(address.sun_path, O_PATH | O_CLOEXEC));
    CHECK(!unlink(address.sun_path) && !symlink(link, address.sun_path) && !rename(address.sun_path, listen_path));
    return fd;
}

// Returns a socket to listen on from now on, or -1.
static int serve(int channel, bool warm) {
    struct frame call;
    if (channel_receive(channel, &call)) { // a caller that did not like its peer
        close(channel);
        return -1;
    }
    EQUAL(FRAME_CALL, call.type);
    FILE *out = open_in_home("call", "w");
    fwrite(call.payload, 1, call.length, out);
    fclose(out);
    const char *command = argument(&call, 0), *first = argument(&call, 1);
    int listening = -1;
    if (warm && !strcmp(command, "die-if-warm")) {
    } else if (warm && !strcmp(command, "refuse-if-warm")) {
        send_frame(channel, FRAME_REFUSED, NULL, 0);
    } else if (warm && !strcmp(command, "retryable-if-warm")) {
        send_end(channel, FLAG_RETRYABLE);
    } else if (warm && !strcmp(command, "again-and-die-if-warm")) {
        send_again(channel, "exit");
    } else if (!strcmp(command, "again-and-die")) {
        send_again(channel, command);
    } else if (!strcmp(command, "serve-others") && listen_path && *listen_path) {
        listening = listen_here("");
    } else if (!strcmp(command, "die")) {
    } else if (!strcmp(command, "be-killed")) {
        raise(SIGKILL);
    } else if (!strcmp(command, "die-with-words")) {
        fprintf(stderr, "%s\n", first);
        _exit(3);
    } else if (!strcmp(command, "end-slowly")) {
        send_exit(channel, 8);
        char byte;
        EQUAL(0, recv(channel, &byte, 1, 0));
        usleep(200000);
        _exit(0);
    } else if (!strcmp(command, "think")) {
        sleep(4);
        send_exit(channel, warm ? 108 : 8);
    } else if (!strcmp(command, "change-and-die")) {
        send_end(channel, 0);
    } else if (!strcmp(command, "nonsense")) {
        send_frame(channel, 99, NULL, 0);
    } else if (!strcmp(command, "again")) {
        send_again(channel, "exit");
        send_exit(channel, 9);
    } else if (!strncmp(command, "adopt", 5) && (warm || !strcmp(command, "adopt"))) {
        uint64_t error = send_adopting(channel);
        if (!error) expect_adopted(channel, command);
        if (!strcmp(command, "adopt")) send_exit(channel, (int)error);
    } else if (!strcmp(command, "listen-and-sleep")) {
        listen_here("");
        send_exit(channel, 0);
        say_that_it_stays(channel);
        close(channel);
        alarm(8);
        pause();
    } else if (!strcmp(command, "listen")) {
        listening = listen_here(first);
        send_exit(channel, 0);
    } else if (!strcmp(command, "stay-after-thought")) {
        send_exit(channel, 0);
        char byte;
        EQUAL(0, recv(channel, &byte, 1, 0)); // it waits for a word, and says none any more
        send_frame(channel, FRAME_GO, "12345678", 8); // was sent ahead
        send_frame(channel, FRAME_STAYS, NULL, 0);
        alarm(8);
        pause();
    } else if (!strcmp(command, "stop")) {
        unlink(listen_path);
        send_exit(channel, warm ? 0 : 1);
        _exit(0);
    } else {
        send_exit(channel, atoi(first) + (warm ? 100 : 0));
    }
    if (!warm && !strcmp(command, "listen")) say_that_it_stays(channel);
    close(channel);
    return listening;
}

int main(int argc, char *argv[]) {
    home = option(argv, "-Djrun.home=");
    listen_path = option(argv, "-Djrun.socket=");
    record(argv);
    bool given = !strcmp(argv[argc - 1], "serve");
    in_company = !strcmp(argv[argc - 1], "call-in-company");
    int listening = given ? 0 : serve(0, false);
    if (listening < 0) return 0;
    prctl(PR_SET_NAME, "fake engine");
    alarm(20); // outlives no test for long
    for (;;) {
        int channel = accept(listening, NULL, NULL);
        if (channel < 0) return 3;
        serve(channel, true);
    }
}
