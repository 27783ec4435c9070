// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_TO_END 10
#define SECONDS_TO_DIE 2 // it has closed its connection; most likely since it has died

// Returns whether it could be learned how the child ended.
static bool reap(pid_t child, int seconds, int *status) {
    int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    if (pidfd >= 0) {
        signals_await(pidfd, POLLIN, seconds);
        close(pidfd);
    } else if (errno != ESRCH) { // an older kernel, or a filter
        signals_end_us();
        pid_t ended = waitpid(child, status, 0);
        signals_hold();
        return ended == child;
    }
    return waitpid(child, status, WNOHANG) == child;
}

void end_await(int channel, pid_t engine) {
    struct frame frame = {0};
    int status;
    if (!engine) return;
    channel_announce(false);
    shutdown(channel, SHUT_WR); // an engine that waits for us knows that we make no answer any more
    while (frame.type != FRAME_STAYS && signals_await(channel, POLLIN, SECONDS_TO_END) && !channel_receive(channel, &frame))
        frame_free(&frame);
    if (frame.type != FRAME_STAYS) reap(engine, SECONDS_TO_END, &status);
}

// What the JVM said of its end, on one line and without the characters that a terminal would obey.
static void read_words(int output, char *words, size_t size) {
    ssize_t length = pread(output, words, size - 1, 0);
    words[length < 0 ? 0 : length] = '\0';
    for (char *at = words; *at; at++)
        if (*at < ' ' || *at > '~') *at = ' ';
    for (char *end = words + strlen(words); end > words && end[-1] == ' ';) *--end = '\0';
}

// What is most likely behind it.
static const char *cause(const char *words, bool known, int status) {
    if (strstr(words, "EAGAIN") || strstr(words, "native thread"))
        return " (is pids.max of the cgroup, or RLIMIT_NPROC, reached?)";
    if (strstr(words, "memory") || strstr(words, "reserve") || strstr(words, "allocate"))
        return " (is there too little memory, or RLIMIT_AS?)";
    if (known && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return " (is memory.max of the cgroup, or RLIMIT_CPU, reached, or the machine out of memory?)";
    return "";
}

void end_unless_serving(const struct started *engine) {
    char words[512], number[DECIMAL_SIZE] = "";
    int status = 0;
    bool known = reap(engine->pid, SECONDS_TO_DIE, &status);
    if (!known && engine->stays) return;
    read_words(engine->output, words, sizeof words);
    if (syscall(SYS_clone3, NULL, 0) < 0 && errno == EPERM) // only for ENOSYS glibc makes threads without it
        die("the engine cannot start: a seccomp filter must forbid clone3 with ENOSYS, not with EPERM");
    if (known) text_decimal((uint64_t)(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)), number);
    const char *how = !known ? "" : WIFSIGNALED(status) ? ": killed by signal " : ": exit code ";
    die("the engine ended before it answered", cause(words, known, status), how, number, *words ? ": " : "", words);
}
