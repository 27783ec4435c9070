// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import java.nio.charset.StandardCharsets;

/** {@code hostname} and {@code domainname}, sethostname(2). */
public final class HostName {

    private HostName() {}

    public static void assemble(Assembler asm, String name) {
        asm.source("/hostname", "set the host name " + name);
        asm.call(Syscall.SETHOSTNAME, asm.string(name), value(length(name)));
    }

    public static void assembleDomain(Assembler asm, String name) {
        asm.source("/domainname", "set the domain name " + name);
        setDomain(asm, name);
    }

    /** setdomainname(2), under the source that was given last. */
    static void setDomain(Assembler asm, String name) {
        asm.call(Syscall.SETDOMAINNAME, asm.string(name), value(length(name)));
    }

    private static int length(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
