// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class PseudoTerminalTest {

    private static LaunchedConfig config() {
        return LaunchedConfig.byDefault().with("/process/terminal", "true");
    }

    /** CVE-2025-52565: no path leads to the terminal but that of the devpts, from its own descriptor. */
    @Test
    void itIsMadeByDescriptorsAlone() {
        assertEquals(
                List.of(
                        "devpts = u64 at [buffer]",
                        "devpts = openat2(devpts, \".\","
                                + " {flags=O_DIRECTORY|O_CLOEXEC|O_PATH, resolve=RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, size=24)"
                                + "  retrying EAGAIN, EINTR"),
                config().intent("open /dev/pts, where terminals are made"));
        assertEquals(
                List.of(
                        "fstatfs(devpts, [buffer])",
                        "type = u64 at [buffer]",
                        "if type == 7377 go to devpts",
                        "fail with ENODEV"),
                config().intent("make a terminal in /dev/pts, which must be a devpts"));
        assertEquals(
                List.of(
                        "master = openat2(devpts, \"ptmx\", {flags=O_RDWR|O_NOCTTY|O_CLOEXEC,"
                                + " resolve=RESOLVE_NO_XDEV|RESOLVE_NO_SYMLINKS|RESOLVE_BENEATH}, size=24)"
                                + "  retrying EAGAIN, EINTR",
                        "close(devpts)",
                        "ioctl(master, TIOCSPTLCK, [buffer])",
                        "terminal = ioctl(master, TIOCGPTPEER, O_RDWR|O_NOCTTY|O_CLOEXEC)",
                        "u64 at [buffer] = terminal"),
                config().intent("make a terminal in /dev/pts"));
        assertTrue(config().intent("mount the terminal as /dev/console")
                .contains("mount = open_tree(terminal, \"\", OPEN_TREE_CLONE|AT_EMPTY_PATH|OPEN_TREE_CLOEXEC)"));
    }

    @Test
    void itHasTheConfiguredSize() {
        assertEquals(
                List.of("ioctl(master, TIOCSWINSZ, {ws_row=40, ws_col=300})"),
                config().with("/process/consoleSize", "{\"height\": 40, \"width\": 300}")
                        .lines("/process/consoleSize"));
        assertEquals(List.of(), config().lines("/process/consoleSize"));
    }

    @Test
    void itIsTheControllingTerminalBeforeAnythingIsMasked() {
        assertEquals(
                List.of(
                        "terminal = u64 at [buffer]",
                        "dup3(terminal, 0, O_RDONLY)",
                        "dup3(terminal, 1, O_RDONLY)",
                        "dup3(terminal, 2, O_RDONLY)",
                        "close(terminal)"),
                config().intent("make the terminal the standard streams"));
        assertEquals(List.of("ioctl(0, TIOCSCTTY, 0)"), config().intent("make the terminal the controlling one"));
        int mounted = config().indexOf("mount the terminal as /dev/console");
        assertTrue(mounted < config().indexOf("mask /proc/acpi"));
        assertTrue(mounted < config().indexOf("close every descriptor of the host"));
    }

    /** The caller's are not the container's. */
    @Test
    void nobodyIsGivenTheCallersStreams() {
        LaunchedConfig user = config().with("/process/user/uid", "1000");

        assertEquals(List.of("fchown(terminal, 1000, -1)  ignoring EPERM, EINVAL, EROFS"), user.calls(Syscall.FCHOWN));
        assertEquals(
                3, user.with("/process/terminal", "false").calls(Syscall.FCHOWN).size());
    }

    @Test
    void theShimSendsItBeforeInitGoesOn() {
        String socket = "/run/user/console.sock";
        LaunchedConfig config = config();

        assertTrue(config.intent("send the terminal to the console socket " + socket)
                .contains("sendmsg(console socket, [buffer], MSG_NOSIGNAL)"));
        assertTrue(config.indexOf("connect to the console socket " + socket) < config.indexOf("wait for the terminal"));
        assertTrue(config.indexOf("wait for the terminal") < config.indexOf("record the container"));
        assertTrue(
                config.indexOf("send the terminal to the console socket " + socket) < config.indexOf("let init go on"));
    }

    @Test
    void anOlderKernelMountsTheSameDescriptor() {
        LaunchedConfig config = config().on(LaunchedConfig.kernelWithout(List.of(NewerCall.OPEN_TREE)));

        assertFalse(config.intent("mount the terminal as /dev/console").isEmpty());
        assertEquals(List.of(), config.calls(Syscall.OPEN_TREE));
    }

    @Test
    void withoutATerminalNothingIsDoneForOne() {
        assertEquals(List.of(), LaunchedConfig.byDefault().lines("/process/terminal"));
        assertEquals(
                List.of(),
                LaunchedConfig.byDefault().calls(Syscall.IOCTL).stream()
                        .filter(line -> line.contains("TIOC"))
                        .toList());
    }
}
