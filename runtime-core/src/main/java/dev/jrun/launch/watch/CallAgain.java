// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.Caller;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Has the shim repeat its call, as the same process, with what it knows in its environment: execve(2). Whichever engine
 * exists then answers it; if there is none, one is started, as for any call.
 */
public final class CallAgain {

    private final Assembler asm;
    private final Caller caller;
    private final String prefix;
    private final List<Address> environment = new ArrayList<>();

    /** @param prefix what the names of all variables that say what the shim knows begin with */
    public CallAgain(Assembler asm, Caller caller, String prefix) {
        this.asm = asm;
        this.caller = caller;
        this.prefix = prefix;
    }

    /** Whether {@code entry} of an environment is of such a variable. */
    private boolean isOurs(String entry) {
        return entry.startsWith(prefix);
    }

    /** Says something that is known now. */
    public void say(String name, String text) {
        environment.add(asm.string(prefix + name + "=" + text));
    }

    /** Says a number that is known when the program gets here. */
    public void say(String name, Operand number) {
        byte[] beginning = (prefix + name + "=").getBytes(StandardCharsets.UTF_8);
        byte[] entry = new byte[beginning.length + Assembler.NUMBER_SIZE];
        System.arraycopy(beginning, 0, entry, 0, beginning.length);
        Address place = asm.bytes(entry);
        asm.format(place.plus(beginning.length), number);
        environment.add(place);
    }

    /** Makes the call. What keeps it from being made is said, and ends the shim. */
    public void assemble() {
        String path = caller.home() + "/bin/jrun";
        List<String> arguments = new ArrayList<>();
        arguments.add("jrun");
        arguments.addAll(caller.arguments());
        for (String entry : caller.environment()) {
            if (!isOurs(entry)) {
                environment.add(asm.string(entry));
            }
        }
        Label failed = asm.label("cannot call again");
        asm.source(Source.runtime("call again"));
        asm.call(Syscall.EXECVE, asm.string(path), asm.strings(arguments), asm.pointers(environment))
                .onError(failed);
        asm.place(failed);
        Complaint.ofFailure(asm, "jrun: cannot execute " + path + " again");
        asm.exit(1);
    }
}
