// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDLE "JRUN_ENGINE_IDLE"
#define FIRST_PASSED 3 // LISTEN_FDS begins there (sd_listen_fds(3))

void start_check_environment(void) {
    const char *idle = getenv(IDLE);
    uint64_t seconds;
    if (idle && (!text_number(idle, 10, 7, &seconds) || idle[strspn(idle, "0123456789")]))
        die(IDLE " must be a number of seconds of 1 to 7 digits, not '", idle, "'");
}

static void close_from(unsigned first) {
    if (!syscall(SYS_close_range, first, ~0U, 0)) return;
    // A seccomp filter may not know the call. The list goes by number, so closing does not disturb it.
    DIR *descriptors = opendir("/proc/self/fd");
    uint64_t fd;
    for (struct dirent *entry; descriptors && (entry = readdir(descriptors));)
        if (text_number(entry->d_name, 10, 9, &fd) && fd >= first && fd != (uint64_t)dirfd(descriptors)) close((int)fd);
    if (descriptors) closedir(descriptors);
}

static void reset_signals(void) {
    static const uint64_t fresh[4]; // the kernel's struct sigaction, all zero: SIG_DFL
    for (int signal = 1; signal <= 64; signal++) syscall(SYS_rt_sigaction, signal, fresh, NULL, sizeof(uint64_t));
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, fresh, NULL, sizeof(uint64_t));
}

// Priorities and limits of the caller are not the engine's. Each as far as the kernel permits.
static void reset_resources(void) {
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t written = write(fd, "0", 1);
        (void)written;
        close(fd);
    }
    struct sched_param normal = {0};
    syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &normal);
    setpriority(PRIO_PROCESS, 0, 0);
    syscall(SYS_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */, 0, 0 /* IOPRIO_CLASS_NONE */);
    unsigned char processors[1024];
    memset(processors, 0xff, sizeof processors);
    syscall(SYS_sched_setaffinity, 0, sizeof processors, processors);
    struct rlimit limit;
    if (!getrlimit(RLIMIT_NOFILE, &limit)) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    prctl(PR_SET_PDEATHSIG, 0);
}

struct options {
    char text[8 * PATH_MAX]; // room for all, since HOME_SIZE is less
    size_t used, count;
    const char *list[16];
};

#define add_option(options, ...) add_option_parts(options, (const char *const[]){__VA_ARGS__, NULL})
static const char *add_option_parts(struct options *options, const char *const parts[]) {
    char *option = options->text + options->used;
    text_join_parts(option, sizeof options->text - options->used, parts);
    options->used += strlen(option) + 1;
    return options->list[options->count++] = option;
}

// Executes java. Returns only if that fails, with errno set.
static void execute(const struct home *home, const char *socket, const char *mode) {
    static const char *const environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                              "LC_ALL=C.UTF-8", "HOME=/", NULL};
    static struct options options;
    const char *idle = getenv(IDLE);
    const char *java = add_option(&options, home->path, "/lib/runtime/bin/java");
    add_option(&options, "@", home->path, "/lib/engine.args");
    const char *cache = add_option(&options, "-XX:AOTCache=", home->path, "/lib/jrun-", home->build, ".aot");
    if (access(strchr(cache, '=') + 1, F_OK)) options.count--;
    add_option(&options, "-Djrun.home=", home->path);
    add_option(&options, "-Djrun.build=", home->build);
    add_option(&options, "-Djrun.socket=", socket);
    if (idle) add_option(&options, "-Djrun.idle=", idle);
    add_option(&options, "-cp");
    add_option(&options, home->path, "/lib/jrun.jar");
    add_option(&options, "dev.jrun.cli.Main");
    add_option(&options, mode);
    execve(java, (char *const *)options.list, (char *const *)environment);
}

static _Noreturn void die_of_start(const struct home *home, int error) {
    die("cannot start the engine: ", home->path, "/lib/runtime/bin/java: ", strerror(error));
}

// The engine's process, until it is java. Tells what fails through the pipe, which closes when it is.
static _Noreturn void become_engine(const struct home *home, const char *socket, int connection, int pipe) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    // All these are above 2: main() saw to that.
    if (null >= 0 && dup2(connection, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
        dup2(null, STDERR_FILENO) >= 0 && (pipe == 3 || dup3(pipe, 3, O_CLOEXEC) >= 0) && setsid() >= 0 &&
        !chdir("/")) {
        pipe = 3;
        close_from(4);
        umask(022);
        reset_resources();
        reset_signals();
        execute(home, socket, "call");
    }
    int error = errno;
    ssize_t written = write(pipe, &error, sizeof error);
    (void)written;
    _exit(1);
}

int start_engine(const struct home *home, const char *socket) {
    int connection[2], status[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, connection) || pipe2(status, O_CLOEXEC))
        die_of_start(home, errno);
    // Forked twice: SUPERVISE reaps this process's children, and the engine stays longer than it.
    pid_t child = fork();
    if (child == 0) {
        pid_t grandchild = fork();
        if (grandchild == 0) become_engine(home, socket, connection[1], status[1]);
        int error = errno;
        if (grandchild < 0 && write(status[1], &error, sizeof error) < 0) _exit(2);
        _exit(0);
    }
    if (child < 0) die_of_start(home, errno);
    close(connection[1]);
    close(status[1]);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    int error;
    ssize_t length;
    while ((length = read(status[0], &error, sizeof error)) < 0 && errno == EINTR)
        ;
    if (length == sizeof error) die_of_start(home, error);
    close(status[0]);
    return connection[0];
}

_Noreturn void start_serving(const struct home *home, const char *socket) {
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    char own[DECIMAL_SIZE];
    text_decimal((uint64_t)getpid(), own);
    int input;
    if (pid && count && !strcmp(pid, own)) {
        if (strcmp(count, "1")) die("engine serve takes one listening socket, not LISTEN_FDS=", count);
        input = FIRST_PASSED;
        // Anew, so that callers that verify their peer see this process and not the service manager.
        if (listen(input, SOMAXCONN))
            die("the descriptor given by LISTEN_FDS is no listening socket: ", strerror(errno));
    } else {
        input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    if (input < 0 || dup2(input, STDIN_FILENO) < 0 || chdir("/")) die_of_start(home, errno);
    close_from(FIRST_PASSED);
    umask(022);
    reset_signals();
    execute(home, socket, "serve");
    die_of_start(home, errno);
}
