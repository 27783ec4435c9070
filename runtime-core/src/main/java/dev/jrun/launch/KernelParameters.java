// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Linux;
import dev.jrun.spec.SysctlName;
import java.nio.charset.StandardCharsets;
import java.util.Map.Entry;

/**
 * {@code linux.sysctl}, set by init in its own namespaces: /proc/sys shows each process those that it is in (sysctl(2), namespaces(7)).
 * The container's own /proc plays no part in it, so it may be read-only, masked, or not there.
 */
final class KernelParameters {

    private final Stage stage;
    private final Assembler asm;
    private final PrivateProcfs files;

    KernelParameters(Stage stage) {
        this.stage = stage;
        this.asm = stage.asm;
        this.files = new PrivateProcfs(stage);
    }

    /** @param failed where failures go, before and after */
    void assemble(Linux linux, Label failed) {
        if (linux.sysctl().isEmpty()) {
            return;
        }
        int mark = asm.registersInUse();
        Register procfs = asm.register("procfs");
        Register parameter = asm.register("parameter");
        asm.source("/linux/sysctl", "mount a procfs to set kernel parameters");
        files.open(procfs, failed);
        for (Entry<String, String> entry : linux.sysctl().entrySet()) {
            String name = entry.getKey();
            String content = entry.getValue();
            asm.source(Source.member("/linux/sysctl", name, "set %s to \"%s\"".formatted(name, content)));
            files.openToWrite(procfs, "sys/" + SysctlName.of(name).orElseThrow().path(), parameter);
            asm.call(Syscall.WRITE, parameter, asm.string(content), value(length(content)));
            stage.close(parameter);
        }
        asm.source("/linux/sysctl", "close the procfs");
        stage.close(procfs);
        asm.release(mark);
    }

    private static int length(String content) {
        return content.getBytes(StandardCharsets.UTF_8).length;
    }
}
