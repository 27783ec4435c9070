// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.writing.FormerValue;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.spec.Resources;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Files of cgroup v2 by their names: {@code linux.resources.unified}. They are written after what else is said of the
 * same, so that they prevail.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#core-interface-files">files of cgroup v2</a>
 */
public final class UnifiedFiles implements LimitController {
    private static final String UNIFIED = "/linux/resources/unified/";

    /** Whether a file is among these, by its name. */
    private final Predicate<String> among;

    private UnifiedFiles(Predicate<String> among) {
        this.among = among;
    }

    /** Those of the memory controller. */
    static UnifiedFiles ofMemory() {
        return new UnifiedFiles(UnifiedFiles::isOfMemory);
    }

    /** All others. */
    static UnifiedFiles butThoseOfMemory() {
        return new UnifiedFiles(name -> !isOfMemory(name));
    }

    private static boolean isOfMemory(String name) {
        return name.startsWith("memory.");
    }

    @Override
    public String name() {
        return "unified";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        for (Map.Entry<String, String> file : resources.unified().entrySet()) {
            String name = file.getKey();
            if (!among.test(name)) {
                continue;
            }
            String controller = name.substring(0, name.indexOf('.'));
            ControllerFiles.ofUnified(cgroup, controller, writing)
                    .write(name, former(name, file.getValue()), file.getValue(), UNIFIED + name, "");
        }
    }

    /**
     * Of files with a line for each device, what is written is about one, and all devices that have no line are the
     * same.
     */
    private static FormerValue former(String name, String value) {
        int space = value.indexOf(' ');
        String key = space < 0 ? value : value.substring(0, space);
        return switch (name) {
            case "io.max" -> FormerValue.line(key, key + " rbps=max wbps=max riops=max wiops=max");
            case "io.latency" -> FormerValue.line(key, key + " target=0");
            case "io.weight", "io.bfq.weight" ->
                space < 0 ? FormerValue.line("default", "default 100") : FormerValue.line(key, key + " default");
            case "rdma.max", "misc.max", "dmem.max", "dmem.min", "dmem.low" -> FormerValue.line(key, key + " max");
            default -> FormerValue.WHOLE;
        };
    }
}
