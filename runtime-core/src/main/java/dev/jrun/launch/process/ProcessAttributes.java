// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.rootfs.ContainerRoot;
import dev.jrun.launch.rootfs.PrivateProcfs;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import java.nio.charset.StandardCharsets;

/**
 * What security modules record about a process, proc_pid_attr(5). The files are init's own in a procfs of its own: in
 * the container's, a volume or a link could stand in for them and leave the container unconfined (CVE-2019-16884).
 */
public final class ProcessAttributes {

    private final ContainerRoot containerRoot;
    private final PrivateProcfs files;

    public ProcessAttributes(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.files = new PrivateProcfs(containerRoot);
    }

    /**
     * Sets the attribute of init at {@code path} of /proc/self/attr.
     *
     * @param failed where failures go, before and after
     */
    void set(String path, String text, Label failed) {
        Assembler asm = containerRoot.asm;
        try (var _ = asm.scope()) {
            Register procfs = asm.register("procfs");
            files.open(procfs, failed);
            set(path, text, procfs);
        }
    }

    /** Sets it likewise in a process that has its caller's files, whose /proc no container can change. */
    void setThroughHosts(String path, String text) {
        Assembler asm = containerRoot.asm;
        try (var _ = asm.scope()) {
            Register procfs = asm.register("procfs");
            files.openHosts(procfs);
            set(path, text, procfs);
        }
    }

    private void set(String path, String text, Register procfs) {
        Assembler asm = containerRoot.asm;
        try (var _ = asm.scope()) {
            Register self = asm.register("self");
            Register attribute = asm.register("attribute");
            files.openSelf(procfs, self);
            files.openToWrite(self, "attr/" + path, attribute);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            asm.call(Syscall.WRITE, attribute, asm.bytes(bytes), value(bytes.length));
            containerRoot.close(attribute);
            containerRoot.close(self);
            containerRoot.close(procfs);
        }
    }
}
