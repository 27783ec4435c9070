// SPDX-License-Identifier: Apache-2.0
#include "shim.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct raw_terminal terminal_at(int fd) {
    struct termios modes;
    return (struct raw_terminal){.fd = tcgetattr(fd, &modes) ? -1 : fd};
}

void terminal_enter(struct raw_terminal *terminal) {
    // In the background it stops this process (SIGTTOU) until the shell continues it in the foreground: what the modes
    // were before can be seen only there. It changes nothing else. EIO: there is no shell that could do that.
    if (terminal->fd < 0 || tcflow(terminal->fd, TCOON)) return;
    if (!terminal->known) terminal->known = !tcgetattr(terminal->fd, &terminal->before);
    if (!terminal->known) return;
    struct termios raw = terminal->before;
    cfmakeraw(&raw);
    terminal->entered = !tcsetattr(terminal->fd, TCSANOW, &raw);
}

// In the background the terminal is another's, who has set it as it needs it.
static bool is_in_foreground(int fd) {
    pid_t group = tcgetpgrp(fd);
    return group == getpgrp() || (group < 0 && errno == ENOTTY); // not our controlling terminal: no job control
}

void terminal_leave(struct raw_terminal *terminal) {
    if (terminal->entered && is_in_foreground(terminal->fd)) tcsetattr(terminal->fd, TCSANOW, &terminal->before);
    terminal->entered = false;
}

void terminal_copy_size(int from, int to) {
    struct winsize size;
    if (from >= 0 && !ioctl(from, TIOCGWINSZ, &size) && size.ws_row && size.ws_col) ioctl(to, TIOCSWINSZ, &size);
}

unsigned terminal_end_of_file(int master, bool in_line, char end[static 2]) {
    struct termios modes;
    if (tcgetattr(master, &modes) || !(modes.c_lflag & ICANON)) return 0;
    end[0] = end[1] = (char)modes.c_cc[VEOF];
    return end[0] ? 1 + in_line : 0;
}
