// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Operator;
import java.util.ArrayList;
import java.util.List;

/**
 * A function of sockets or System V IPC, which some ABIs have also, or only, as a function of socketcall(2) or ipc(2),
 * named by the first argument.
 *
 * @param multiplexer "socketcall" or "ipc"
 * @param function its number there
 */
record MultiplexedCall(String multiplexer, int function) {

    /** @return null for any other call */
    static MultiplexedCall named(String call) {
        int function = switch (call) {
            case "socket" -> 1;
            case "bind" -> 2;
            case "connect" -> 3;
            case "listen" -> 4;
            case "accept" -> 5;
            case "getsockname" -> 6;
            case "getpeername" -> 7;
            case "socketpair" -> 8;
            case "send" -> 9;
            case "recv" -> 10;
            case "sendto" -> 11;
            case "recvfrom" -> 12;
            case "shutdown" -> 13;
            case "setsockopt" -> 14;
            case "getsockopt" -> 15;
            case "sendmsg" -> 16;
            case "recvmsg" -> 17;
            case "accept4" -> 18;
            case "recvmmsg" -> 19;
            case "sendmmsg" -> 20;
            default -> 0;
        };
        if (function != 0) {
            return new MultiplexedCall("socketcall", function);
        }
        function = switch (call) {
            case "semop" -> 1;
            case "semget" -> 2;
            case "semctl" -> 3;
            case "semtimedop" -> 4;
            case "msgsnd" -> 11;
            case "msgrcv" -> 12;
            case "msgget" -> 13;
            case "msgctl" -> 14;
            case "shmat" -> 21;
            case "shmdt" -> 22;
            case "shmget" -> 23;
            case "shmctl" -> 24;
            default -> 0;
        };
        return function == 0 ? null : new MultiplexedCall("ipc", function);
    }

    /**
     * The rule for the multiplexer. Its other arguments are not those of the function, and a condition on the
     * function's first one has no place at all; both are left as libseccomp leaves them.
     */
    CallRule rule(CallRule rule) {
        List<Arg> conditions = new ArrayList<>();
        conditions.add(new Arg(0, function, 0, Operator.SCMP_CMP_EQ));
        for (Arg condition : rule.conditions()) {
            if (condition.index() != 0) {
                conditions.add(condition);
            }
        }
        return new CallRule(conditions, rule.result());
    }
}
