// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.cli.call.Version;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.json.JsonWriter;
import dev.jrun.kernel.Capability;
import dev.jrun.kernel.NewerCall;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Linux.MemoryPolicy;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.reading.DefaultConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code jrun features}: features.md and features-linux.md of the OCI runtime specification. */
public final class FeaturesCommand implements Command {

    private static final List<String> HOOKS =
            List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop");

    @Override
    public String summary() {
        return "print which parts of the OCI runtime specification work, as JSON";
    }

    @Override
    public String examples() {
        return """
                Print which parts of the OCI runtime specification work:
                    jrun features
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.NONE;
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Outcome execute(Invocation invocation) throws ContainerException, SessionBrokenException {
        KernelCalls kernel = invocation.host().kernel(invocation.session());
        var json = JsonWriter.indented("    ").beginObject();
        json.name("ociVersionMin").value("1.0.0");
        json.name("ociVersionMax").value(DefaultConfig.OCI_VERSION);
        json.name("hooks").values(HOOKS);
        json.name("mountOptions").values(mountOptions());
        linux(json, kernel);
        json.name("annotations").beginObject();
        json.name("dev.jrun.version").value(Version.JRUN);
        json.name("dev.jrun.build").value(invocation.call().build());
        for (NewerCall call : NewerCall.values()) {
            json.name("dev.jrun.kernel." + call.callName())
                    .value(Boolean.toString(kernel.present().contains(call)));
        }
        json.endObject();
        json.name("potentiallyUnsafeConfigAnnotations").values(annotations());
        json.endObject();
        invocation.print(json + "\n");
        return Outcome.SUCCESS;
    }

    private static void linux(JsonWriter json, KernelCalls kernel) {
        json.name("linux").beginObject();
        json.name("namespaces").values(namespaces());
        json.name("capabilities").values(capabilities());
        json.name("cgroup").beginObject();
        for (String present : List.of("v1", "v2", "systemd", "systemdUser", "rdma")) {
            json.name(present).value(true);
        }
        json.endObject();
        for (String present : List.of("apparmor", "selinux", "netDevices")) {
            json.name(present).beginObject().name("enabled").value(true).endObject();
        }
        seccomp(json, kernel);
        json.name("intelRdt").beginObject().name("enabled").value(true);
        json.name("schemata").value(true).name("monitoring").value(true).endObject();
        json.name("memoryPolicy").beginObject();
        json.name("modes").values(names(MemoryPolicy.Mode.values()));
        json.name("flags").values(names(MemoryPolicy.Flag.values()));
        json.endObject();
        // What this version knows, whether or not this host's kernel and file systems can do it.
        json.name("mountExtensions").beginObject();
        json.name("idmap").beginObject().name("enabled").value(true).endObject();
        json.endObject();
        json.endObject();
    }

    private static void seccomp(JsonWriter json, KernelCalls kernel) {
        json.name("seccomp").beginObject();
        json.name("enabled").value(true);
        json.name("actions").values(names(Seccomp.Action.values()));
        json.name("operators").values(names(Seccomp.Operator.values()));
        json.name("archs").values(names(Seccomp.Arch.values()));
        json.name("knownFlags").values(names(Seccomp.Flag.values()));
        json.name("supportedFlags").values(supportedFlags(kernel));
        json.endObject();
    }

    /** Linux 5.10 has all but one. */
    private static List<String> supportedFlags(KernelCalls kernel) {
        List<String> names = names(Seccomp.Flag.values());
        if (!kernel.present().contains(NewerCall.SECCOMP_WAIT_KILLABLE_RECV)) {
            names.remove(Seccomp.Flag.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV.name());
        }
        return names;
    }

    private static List<String> mountOptions() {
        List<String> names = new ArrayList<>(MountOption.names());
        Collections.sort(names);
        return names;
    }

    private static List<String> namespaces() {
        List<String> names = new ArrayList<>();
        for (Namespace.Type type : Namespace.Type.values()) {
            names.add(type.specName());
        }
        Collections.sort(names);
        return names;
    }

    private static List<String> annotations() {
        List<String> keys = new ArrayList<>();
        for (Annotation annotation : Annotation.values()) {
            keys.add(annotation.key());
        }
        Collections.sort(keys);
        return keys;
    }

    private static List<String> capabilities() {
        return names(Capability.values());
    }

    private static List<String> names(Enum<?>[] constants) {
        List<String> names = new ArrayList<>();
        for (Enum<?> constant : constants) {
            names.add(constant.name());
        }
        return names;
    }
}
