// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.rootfs.ContainerRoot;
import dev.jrun.launch.rootfs.PrivateProcfs;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Linux;
import dev.jrun.spec.reading.SysctlName;
import java.nio.charset.StandardCharsets;
import java.util.Map.Entry;

/**
 * {@code linux.sysctl}, set by init in its own namespaces: /proc/sys shows each process those of its own namespaces
 * (sysctl(2), namespaces(7)). The container's own /proc plays no part, so it may be read-only, masked or missing. The
 * domain name is set by a call of its own: its file belongs to the host's root whoever owns the uts namespace, and only
 * setdomainname(2) asks for CAP_SYS_ADMIN there.
 */
public final class KernelParameters {

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final PrivateProcfs files;

    public KernelParameters(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.files = new PrivateProcfs(containerRoot);
    }

    /** @param failed where failures go, before and after */
    public void assemble(Linux linux, Label failed) {
        boolean areFiles = false;
        for (Entry<String, String> entry : linux.sysctl().entrySet()) {
            if (SysctlName.isDomainName(entry.getKey())) {
                source(entry);
                HostName.setDomain(asm, firstLine(entry.getValue()));
            } else {
                areFiles = true;
            }
        }
        if (areFiles) {
            writeFiles(linux, failed);
        }
    }

    private void writeFiles(Linux linux, Label failed) {
        try (var _ = asm.scope()) {
            Register procfs = asm.register("procfs");
            Register parameter = asm.register("parameter");
            asm.source("/linux/sysctl", "mount a procfs to set kernel parameters");
            files.open(procfs, failed);
            for (Entry<String, String> entry : linux.sysctl().entrySet()) {
                if (!SysctlName.isDomainName(entry.getKey())) {
                    source(entry);
                    write(procfs, entry, parameter);
                }
            }
            asm.source("/linux/sysctl", "close the procfs");
            containerRoot.close(procfs);
        }
    }

    private void source(Entry<String, String> entry) {
        String intent = "set %s to \"%s\"".formatted(entry.getKey(), entry.getValue());
        asm.source(Source.member("/linux/sysctl", entry.getKey(), intent));
    }

    private void write(Register procfs, Entry<String, String> entry, Register parameter) {
        String content = entry.getValue();
        files.openToWrite(
                procfs, "sys/" + SysctlName.of(entry.getKey()).orElseThrow().path(), parameter);
        asm.call(Syscall.WRITE, parameter, asm.string(content), value(length(content)));
        containerRoot.close(parameter);
    }

    /** What the file would take of a text: proc_dostring() of the kernel. */
    private static String firstLine(String content) {
        int end = content.indexOf('\n');
        return end < 0 ? content : content.substring(0, end);
    }

    private static int length(String content) {
        return content.getBytes(StandardCharsets.UTF_8).length;
    }
}
