// SPDX-License-Identifier: Apache-2.0
// The parts of the shim, from the bottom up. Functions that return an error return 0 or an errno.
#ifndef JRUN_SHIM_H
#define JRUN_SHIM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <termios.h>

#include "program.h"

// text.c: text without stdio.

#define DECIMAL_SIZE 21 // 20 digits and a NUL

// Writes number without leading zeros and a NUL into out; returns how many digits.
unsigned text_decimal(uint64_t number, char out[static DECIMAL_SIZE]);

// The number that text begins with, in base 10 or 16; 1 to most digits, then the end or a character of "\n\t ".
bool text_number(const char *text, unsigned base, unsigned most, uint64_t *number);

// Puts the parts one behind the other; false, and "", if they need more than size bytes with the NUL.
#define text_join(out, size, ...) text_join_parts(out, size, (const char *const[]){__VA_ARGS__, NULL})
bool text_join_parts(char *out, size_t size, const char *const parts[]);

// What an errno means, in the words of strerror(3), in lower case as the engine says them.
const char *text_error(int error);

// Overwrites the texts of a table that ends with NULL, or is none.
void text_forget(char *const texts[]);

// Says "jrun: " and the parts on standard error and ends the process with code 1.
#define die(...) die_parts((const char *const[]){__VA_ARGS__, NULL})
_Noreturn void die_parts(const char *const parts[]);

// memory.c: zeroed memory in pages of its own. A size may be 0.

void memory_expect_call(void);                  // has what each call writes of our own memory made at once
void *memory_take(size_t size, size_t written); // NULL if there is none; so much of it is about to be written
void memory_protect(void *memory, size_t size); // makes it read-only
void memory_give(void *memory, size_t size);    // gives it, or NULL, back

// system_call.c

// The system call's result, or the negative errno.
int64_t system_call(uint16_t nr, const uint64_t arguments[OPERANDS]);
// Whether nr makes a process, which gets 0 as result.
bool system_call_forks(uint16_t nr);

// signals.c: all signals are blocked, but while this process waits for somebody else those by which a user or a service
// manager ends it (SIGHUP, SIGINT, SIGQUIT, SIGTERM) do so, unless they were inherited as ignored.

#define FOREVER (-1)

void signals_hold(void);   // blocks all
void signals_end_us(void); // lets those four end this process from now on
// A descriptor from which the blocked signals can be read, signalfd(2), or -1.
int signals_open(void);
// As a shell expects it of a job, the kernel stops this process when it uses its terminal in the background.
void signals_let_job_stop(void);
// Such a process stops until it is continued.
void signals_stop_us(void);
void signals_reset(void);  // for another program: none is blocked, ignored or handled
// Waits until fd is ready for events of poll(2), or has failed; those four end this process meanwhile. False if it took
// longer.
bool signals_await(int fd, short events, int seconds);

// channel.c: frames on the socket between shim and engine. Errors: EPIPE if the other side is gone, EBADMSG if it does
// not keep to the protocol, EMSGSIZE if a frame would be too long, ENOMEM.

struct frame {
    uint32_t type, length;
    uint8_t *payload;
};

// Whether this process is to say READY: with what it sends next, or by itself before the other side is waited for.
void channel_announce(bool whether);

// Sends a frame whose payload is in parts 1 … count - 1; part 0 is for the frame's header. The parts are changed. EPIPE
// also if the other side has taken nothing for so many seconds.
int channel_send(int channel, int seconds, uint32_t type, struct iovec *parts, uint8_t count);
int channel_receive(int channel, struct frame *frame);
// Whether all that was sent has been read, or answered, within this time. If not it never counts: the other side finds
// that nobody writes any more.
bool channel_is_taken(int channel, int seconds);
void frame_free(struct frame *frame);

// supervise.c

// Blocks all signals, waits until child pid ends, reaps every child on the way and sends on to pid the signals that
// come. Errors: ECHILD if there is no such child.
int supervise(pid_t pid, int *status);

// Reaps children that have ended, up to pid. Errors: ECHILD if none is left.
int supervise_reap(pid_t pid, int *status, bool *ended);
// Sends a signal on to pid that this process got from sender, with this si_code.
void supervise_send_on(pid_t pid, int signal, int code, pid_t sender);

// terminal.c

// A terminal of the caller's that may be in raw mode.
struct raw_terminal {
    int fd; // -1 if there is none
    bool known, entered;
    struct termios before;
};

struct raw_terminal terminal_at(int fd); // none, if that is no terminal
// Has every key go through as it is. A process in the background is stopped until it is in the foreground.
void terminal_enter(struct raw_terminal *terminal);
void terminal_leave(struct raw_terminal *terminal); // as it was
void terminal_copy_size(int from, int to);      // nothing if from is -1, or has no size
// What is typed to end the input of a terminal whose master this is; returns how many bytes, 0 where nothing does.
unsigned terminal_end_of_file(int master, bool in_line, char end[static 2]);

// relay.c

// What a relay connects; a descriptor is -1 if there is none.
struct ends {
    int master;        // of a terminal of pid's, non-blocking; is closed
    int input, output; // of the caller's
    int terminal;      // of the caller's, whose size the other has
};

// As supervise(), and meanwhile what comes from the input is typed, and what is shown goes to the output. Where one of
// them is a terminal, it is as it was before when this function returns. Errors: also of signalfd(2).
int relay_supervise(pid_t pid, const struct ends *ends, int *status);

// executable.c

// Has this process execute fd, a file with the same contents as the one that it executes, where it stands: what was
// mapped of the other is mapped of this one, and /proc/PID/exe leads to it. After an error the process can go on,
// unless the kernel ran out of memory midway; parts of it may be mapped of this file already. arguments are the
// process's, with its name. Errors: EPERM without CAP_CHECKPOINT_RESTORE and CAP_SYS_ADMIN in the user namespace,
// ENOEXEC if the shim is not linked as its Makefile does, and those of mmap(2), mremap(2) and prctl(2) (PR_SET_MM_MAP).
int executable_adopt(int fd, char *const arguments[]);

// interpreter.c

enum outcome {
    OUTCOME_END,     // reached END
    OUTCOME_READY,   // likewise, as if this process had executed itself anew
    OUTCOME_EXIT,    // the process is to end with the code
    OUTCOME_FAILED,  // registers 62 and 63 say where and why
    OUTCOME_NONSENSE // the engine's answer does not keep to the protocol
};

struct execution {
    const struct program *program;
    int channel;
    // Of this process, with its name, and for ADOPT. None that the program makes shows them (/proc/PID/cmdline).
    char *const *arguments;
    bool cold;              // struct session
    bool child;             // made by the program: it does not hold the session
    uint8_t code;
    uint64_t registers[REGISTERS];
};

// Executes the program; of its system calls that fork, this function returns in each process.
enum outcome interpret(struct execution *execution);

// session.c

enum ending {
    ENDING_EXIT,      // the process is to end with the code
    ENDING_UNTOUCHED, // the engine is lost, or refuses, and nothing was changed yet
    ENDING_LOST,      // the engine is lost midway
    ENDING_NONSENSE   // the engine does not keep to the protocol; reason says how
};

#define MAY_STAY (UINT64_C(1) << 32) // which no pid has, and no system call sees in one

struct session {
    int channel;
    uint64_t engine; // its pid, and MAY_STAY if it may; 0 if it is no child of this process, or stays anyway
    uint64_t ignored; // struct identity
    bool cold;        // this process has started an engine, and keeps open what that says
    char *const *arguments; // struct execution
    int code;
    bool child; // this process was made by a program
    const char *reason;
    // Which has ended the session by EXIT: what it takes, the end of the process gives back at less cost.
    struct program program;
};

// Executes the programs that come on the channel until there is an ending.
enum ending session_run(struct session *session);

// home.c: where the distribution is and which it is. Both functions end the process if there is none.

#define HOME_SIZE 3072 // so that every path in it fits in PATH_MAX
#define BUILD_SIZE 65

struct home {
    char path[HOME_SIZE];
    char build[BUILD_SIZE];
};

void home_find(struct home *home); // the one that the running executable is in
void home_at(struct home *home, const char *path);

// identity.c: how a process sees the world and what it may do, by /proc (proc(5), namespaces(7)).

#define NAMESPACES 4
// The inode number of the first user namespace is constant (linux/nsfs.h); every id is mapped in it.
#define FIRST_USER_NAMESPACE UINT64_C(0xEFFFFFFD)
#define LABEL_SIZE 1024
#define GROUPS_SIZE 4096

// 64-bit fields and a text that fills up with zeros, so that two compare as bytes, and one that ends with a NUL.
struct identity {
    uint64_t namespaces[NAMESPACES]; // inode numbers of mnt, pid, user, cgroup
    uint64_t time;                   // of its time namespace; 0 if the kernel has none
    uint64_t capabilities[3];        // permitted, effective, bounding
    uint64_t seccomp, no_new_privileges;
    char label[LABEL_SIZE];   // of a security module; empty if there is none to read
    uint64_t root[3];         // its root directory's place; it is not looked at before all else is known
    char groups[GROUPS_SIZE]; // supplementary ones, each with a space behind it, but for its gid
    uint64_t ignored;         // signals that are, bit 0 for the first; all if that is not known. This may differ
};

// Device, inode number and mount of a directory, of the one that is open if name is "". Mounts are what tells a
// directory from the same one that is bind-mounted elsewhere, beneath which paths lead to other files.
bool identity_place(int directory, const char *name, uint64_t place[3]);
// The mount that an open file is on, by what a fdinfo directory says of it. Nobody is waited for.
bool identity_mount(int directory, const char *fdinfo, uint64_t *mount);
// Ends the call where a number means different processes to us and to the engine that we would start: one would read
// it, and the other signal it.
void identity_check_pids(const struct identity *own);
// That of this process. False if it cannot be read or does not fit, its uids or gids differ or cannot be told from
// others, or /proc shows another pid namespace than ours.
bool identity_read_own(struct identity *identity);
// The directory in /proc, as O_PATH descriptor, of a process that has this identity, our uid and gid, and no seccomp
// filter; else -1.
int identity_open_equal(const struct identity *identity, pid_t pid);
// Whether the process that listened for this connection to a Unix socket lives, has this pid, and is the one with this
// directory.
bool identity_made(int connection, pid_t pid, int proc);
// Whether the process that listened for it lives and is such a one.
bool identity_is_peers(const struct identity *identity, int connection);

// engine.c: where an engine that serves this process listens.

#ifndef PATIENCE
#define PATIENCE 3 // seconds: for an engine to take a call, which it does within a millisecond
#endif

struct engine {
    int directory;         // of the sockets, -1 if there is none
    char socket[PATH_MAX]; // at which one started now may listen, or ""
    struct identity key;
};

void engine_find(const struct home *home, struct engine *engine);
// Connects to an engine that was proved to see the world as we do, and to nobody else where there is a link. Returns
// the connection or -1. Can be called once.
int engine_connect(struct engine *engine);

// company.c

// Whether this process is in a namespace that is not one of the first, and would keep it alive.
bool company_is_needed(void);

// limits.c: an engine that stays has nothing of what limited its first caller.

// Resets limits, priorities and the like. False if something of the caller's is left, since the kernel does not permit
// more; such an engine is for this caller alone.
bool limits_reset(void);
void limits_leave_keyring(void); // for a session keyring of its own

// start.c: a JVM with nothing of its caller. socket is the path at which it may listen, or "".

struct started {
    int channel; // to its descriptor 0
    int output;  // a file with what it writes
    pid_t pid;   // a child of this process
    bool stays;  // when its call has ended
    bool says;   // if it finds that it may, and says so
};

// Ends the process if JRUN_ENGINE_IDLE is set to anything but a number of seconds of up to 7 digits.
void start_check_environment(void);
struct started start_engine(const struct home *home, const char *socket);
// Becomes an engine that a service manager started.
_Noreturn void start_serving(const struct home *home, const char *socket);

// end.c

// When a call is over: waits until this child, if there is one, says that it stays, or, for a while, has ended, so that
// it is nobody's zombie.
void end_await(int channel, pid_t engine);
// Ends this process and says why: it is that the engine, which has not answered, has ended. Returns if it lives and
// serves others.
void end_unless_serving(const struct started *engine);

// call.c

// Sends a CALL: who calls, from where, with which arguments (a table that ends with NULL).
int call_send(int channel, int seconds, const struct home *home, char *const arguments[]);

#endif
