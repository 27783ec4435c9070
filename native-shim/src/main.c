// SPDX-License-Identifier: Apache-2.0
// jrun: hands a call to an engine and executes the launch programs that come back. docs/launch-programs.md is the
// definition of both.
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Large, and not on the stack: processes that a program makes copy what of it they use.
static struct home home;
static struct engine engine;

static char *const *own_arguments; // of this process, with its name

// Descriptors 0, 1 and 2 are open from here on, so that none of ours gets such a number.
static void open_standard_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) die("cannot open /dev/null: ", text_error(errno));
}

// Ends as the session ends; returns if nothing was changed and the call may be made again.
static void run_session(int channel, uint64_t child, bool cold) {
    struct session session = {.channel = channel,
                              .engine = child,
                              .ignored = engine.key.ignored,
                              .cold = cold,
                              .arguments = own_arguments};
    enum ending ending = session_run(&session);
    channel_announce(false);
    if (!session.child && ending != ENDING_UNTOUCHED) end_await(channel, (pid_t)child);
    switch (ending) {
    case ENDING_EXIT:
        syscall(SYS_exit_group, session.code);
        __builtin_trap(); // A container's seccomp filter forbids even that.
    case ENDING_LOST: die("the engine ended during the call; what it has left is in jrun list");
    case ENDING_NONSENSE: die("the engine sent a malformed program: ", session.reason);
    case ENDING_UNTOUCHED: close(channel);
    }
}

// Makes the call with an engine of its own. One that stays serves others as well, who may take its memory: the next is
// for this call alone.
static _Noreturn void call_cold(const char *socket, char *const arguments[]) {
    for (;; socket = "") {
        struct started started = start_engine(&home, socket);
        int error = call_send(started.channel, FOREVER, &home, arguments);
        if (error && error != EPIPE) die("cannot make the call: ", text_error(error));
        uint64_t child = !started.stays ? (uint64_t)started.pid : started.says ? (uint64_t)started.pid | MAY_STAY : 0;
        if (!error) run_session(started.channel, child, true);
        end_unless_serving(&started);
        close(started.output);
    }
}

// Whether this process has started the engine at the other end: it made both ends (SO_PEERCRED of unix(7)).
static bool is_own(int channel) {
    struct ucred maker;
    socklen_t size = sizeof maker;
    return !getsockopt(channel, SOL_SOCKET, SO_PEERCRED, &maker, &size) && maker.pid == getpid();
}

static _Noreturn void call(char *const arguments[]) {
    int channel = engine_connect(&engine);
    if (channel >= 0 && !call_send(channel, PATIENCE, &home, arguments) && channel_is_taken(channel, PATIENCE))
        run_session(channel, 0, false);
    else if (channel >= 0)
        close(channel);
    call_cold(engine.socket, arguments);
}

// arguments: the descriptor, the engine or 0, what signals are ignored (struct session), the distribution's root or "",
// the original arguments.
static _Noreturn void go_on(char *const arguments[]) {
    uint64_t channel, child;
    if (!arguments[0] || !arguments[1] || !arguments[2] || !arguments[3] ||
        !text_number(arguments[0], 10, 9, &channel) || !text_number(arguments[1], 10, 10, &child) ||
        !text_number(arguments[2], 10, 20, &engine.key.ignored) || fcntl((int)channel, F_SETFD, FD_CLOEXEC))
        die("jrun-session needs a descriptor, a pid, ignored signals and the distribution's root");
    bool own = is_own((int)channel);
    channel_announce(true);
    run_session((int)channel, child, false);
    if (child && !(child & MAY_STAY)) end_unless_serving(&(struct started){.output = -1, .pid = (pid_t)child});
    if (!arguments[3][0]) die("the engine ended before it answered");
    home_at(&home, arguments[3]);
    start_check_environment();
    engine_find(&home, &engine);
    close(engine.directory);
    call_cold(own ? "" : engine.socket, arguments + 4);
}

int main(int argc, char *argv[]) {
    memory_expect_call();
    open_standard_descriptors();
    signals_hold();
    if (argc < 1) die("it was executed without a name");
    own_arguments = argv;
    if (!strcmp(argv[0], "jrun-session")) go_on(argv + 1);

    home_find(&home);
    start_check_environment();
    engine_find(&home, &engine);
    identity_check_pids(&engine.key);
    if (argc == 3 && !strcmp(argv[1], "engine") && !strcmp(argv[2], "serve")) start_serving(&home, engine.socket);
    call(argv + 1);
}
