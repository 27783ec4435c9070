// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDLE "JRUN_ENGINE_IDLE"
#define OUTPUT_SIZE 4096
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
    _Alignas(struct dirent) char list[4096]; // opendir(3) would bring malloc(3) along
    int directory = openat(AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (ssize_t length; (length = getdents64(directory, (void *)list, sizeof list)) > 0;)
        for (char *at = list; at < list + length;) {
            const struct dirent *entry = (void *)at;
            uint64_t fd;
            if (text_number(entry->d_name, 10, 9, &fd) && fd >= first && fd != (uint64_t)directory) close((int)fd);
            at += entry->d_reclen;
        }
    close(directory);
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

// The dynamic loader takes a process whose real ids are others for a set-user-ID program (AT_SECURE of getauxval(3)),
// and does not look for libraries where those of java are.
static bool take_effective_ids(void) {
    uid_t user = geteuid();
    gid_t group = getegid();
    return (getgid() == group || !setresgid(group, group, group)) && (getuid() == user || !setresuid(user, user, user));
}

// Executes java. Returns only if that fails, with errno set.
static void execute(const struct home *home, const char *socket, const char *mode) {
    static const char *const environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                              "LC_ALL=C.UTF-8", "HOME=/", NULL};
    struct options options = {0};
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
    if (take_effective_ids()) execve(java, (char *const *)options.list, (char *const *)environment);
}

static _Noreturn void die_of_start(const struct home *home, int error) {
    die("cannot start the engine: ", home->path, "/lib/runtime/bin/java: ", text_error(error),
        error == EAGAIN ? " (is pids.max of the cgroup, or RLIMIT_NPROC, reached?)" : "");
}

static bool may_stay(const char *idle) {
    uint64_t seconds;
    return !idle || (text_number(idle, 10, 7, &seconds) && seconds);
}

// What the engine's process says through a pipe that closes when it is java: whether it stays, and then what fails.
struct word {
    int stays, says, error;
};

static void say(int pipe, const struct word *word) {
    ssize_t written = write(pipe, word, sizeof *word);
    (void)written; // there is nobody else to tell
}

static _Noreturn void become_engine(const struct home *home, const char *socket, int connection, int output, int pipe) {
    struct word word = {0};
    // All these are above 2: main() saw to that.
    if (dup2(connection, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0 &&
        (pipe == 3 || dup3(pipe, 3, O_CLOEXEC) >= 0) && setsid() >= 0 && !chdir("/")) {
        pipe = 3;
        close_from(4);
        signals_reset();
        word.stays = limits_reset() & (socket[0] && may_stay(getenv(IDLE)));
        word.says = word.stays && !getenv(IDLE) && company_is_needed();
        if (word.stays) limits_leave_keyring();
        say(pipe, &word);
        execute(home, word.stays ? socket : "", word.says ? "call-in-company" : "call");
    }
    word.error = errno;
    say(pipe, &word);
    _exit(1);
}

// What an engine writes is kept in memory of a fixed size: a pipe could be full, and kill its writer when we have gone.
static int open_output(void) {
    int fd = memfd_create("jrun-engine", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && !ftruncate(fd, OUTPUT_SIZE) && !fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL))
        return fd;
    if (fd >= 0) close(fd);
    return open("/dev/null", O_RDWR | O_CLOEXEC);
}

struct started start_engine(const struct home *home, const char *socket) {
    int connection[2], status[2], output = open_output();
    if (output < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, connection) || pipe2(status, O_CLOEXEC))
        die_of_start(home, errno);
    pid_t pid = fork();
    if (pid == 0) become_engine(home, socket, connection[1], output, status[1]);
    if (pid < 0) die_of_start(home, errno);
    close(connection[1]);
    close(status[1]);
    struct word word = {0};
    do signals_await(status[0], POLLIN, FOREVER);
    while (read(status[0], &word, sizeof word) == sizeof word);
    close(status[0]);
    if (word.error) {
        waitpid(pid, NULL, 0);
        die_of_start(home, word.error);
    }
    return (struct started){connection[0], output, pid, word.stays, word.says};
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
            die("the descriptor given by LISTEN_FDS is no listening socket: ", text_error(errno));
    } else {
        input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    if (input < 0 || dup2(input, STDIN_FILENO) < 0 || chdir("/")) die_of_start(home, errno);
    close_from(FIRST_PASSED);
    umask(022);
    signals_reset();
    execute(home, socket, "serve");
    die_of_start(home, errno);
}
