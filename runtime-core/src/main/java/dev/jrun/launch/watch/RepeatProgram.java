// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.Caller;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.time.Duration;
import java.util.Map;

/**
 * The program of a call that prints something and is {@linkplain CallAgain made again} after some time, unless nobody
 * reads it any more. It reports {@link dev.jrun.launch.part.Tag#DONE}, and goes on without the engine.
 */
public final class RepeatProgram {

    private RepeatProgram() {}

    /**
     * The program.
     *
     * @param text what to print
     * @param errors what to say on standard error
     * @param pause how long to wait then
     * @param prefix what the names of variables begin with that are the next call's alone
     * @param kept those variables, by what follows in their names
     */
    public static Program of(
            Caller caller, byte[] text, byte[] errors, Duration pause, String prefix, Map<String, String> kept) {
        Assembler asm = new Assembler();
        Reader reader = new Reader(asm);
        Label failed = asm.label("failed");
        Label again = asm.label("time for the next call");
        reader.dismissEngine();
        asm.onFail(failed);
        asm.source(Source.runtime("print what was found"));
        reader.print(text);
        reader.complain(errors);
        asm.source(Source.runtime("wait for the next call"));
        Address polled = asm.bytes(Struct.ofInts(1, 0));
        Address time = asm.bytes(Struct.ofLongs(pause.getSeconds(), pause.getNano()));
        asm.call(Syscall.PPOLL, polled, value(1), time, value(0), value(0)).on(again, Errno.EINTR);
        reader.endIfGone(polled);
        asm.place(again);
        CallAgain call = new CallAgain(asm, caller, prefix);
        for (Map.Entry<String, String> entry : kept.entrySet()) {
            call.say(entry.getKey(), entry.getValue());
        }
        call.assemble();
        reader.assembleEnd(failed, again, "print");
        return asm.assemble();
    }
}
