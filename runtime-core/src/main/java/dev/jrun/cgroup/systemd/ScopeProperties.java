// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.ArrayList;
import java.util.List;

/** All properties of a container's scope. systemd.scope(5). */
public abstract sealed class ScopeProperties permits LegacyScopeProperties, UnifiedScopeProperties {

    private static final int HAS_COLLECT_MODE = 236;
    private static final int HAS_OOM_POLICY = 253;

    private static final int HAS_IDLE = 252;
    private static final String WEIGHT = "CPUWeight";
    private static final String TASKS_FILE = "pids.max";

    private final int version;

    /** @param version of systemd */
    ScopeProperties(int version) {
        this.version = version;
    }

    /**
     * Of scopes on this host.
     *
     * @param version of systemd
     * @param cgroup that a container has on it
     */
    public static ScopeProperties of(int version, CgroupDirectories cgroup) {
        return cgroup.isUnified() ? new UnifiedScopeProperties(version) : new LegacyScopeProperties(version);
    }

    /**
     * Of a scope that is to be started.
     *
     * @param holder the process that it is to have
     */
    public final List<UnitProperty> ofNew(
            String slice, String id, long holder, Annotations annotations, Resources resources) throws CgroupException {
        List<UnitProperty> properties = new ArrayList<>();
        properties.add(UnitProperty.text("Description", "jrun container " + id));
        properties.add(UnitProperty.text("Slice", slice));
        properties.add(UnitProperty.truth("Delegate", true));
        properties.add(UnitProperty.pids(holder));
        properties.add(UnitProperty.truth("MemoryAccounting", true));
        properties.add(UnitProperty.truth("CPUAccounting", true));
        properties.add(UnitProperty.truth(ioAccounting(), true));
        properties.add(UnitProperty.truth("TasksAccounting", true));
        properties.add(UnitProperty.truth("DefaultDependencies", false));
        if (version >= HAS_COLLECT_MODE) {
            // One that has failed, since memory ran out, would stay until somebody resets it.
            properties.add(UnitProperty.text("CollectMode", "inactive-or-failed"));
        }
        properties.addAll(AnnotationProperties.of(annotations));
        addOomPolicy(resources, properties);
        properties.addAll(ofLimits(whileHeld(resources)));
        properties.addAll(ofDevices(resources.devices()));
        return properties;
    }

    private void addOomPolicy(Resources resources, List<UnitProperty> properties) {
        String group = resources.unified().getOrDefault("memory.oom.group", "").strip();
        if (version >= HAS_OOM_POLICY && (group.equals("0") || group.equals("1"))) {
            properties.add(UnitProperty.text("OOMPolicy", group.equals("1") ? "kill" : "continue"));
        }
    }

    /** Of its limits alone, for a scope that is there. */
    public final List<UnitProperty> ofLimits(Resources resources) {
        return limits().of(resources);
    }

    /**
     * Of the share of the processors, where systemd has one property for what are two files: the weight, and to be
     * idle.
     *
     * @param weight of the kernel's, 0 of one that is idle
     */
    public final List<UnitProperty> ofWeight(long weight) {
        boolean known = weight != 0 || version >= HAS_IDLE;
        return known ? List.of(UnitProperty.number(WEIGHT, weight)) : List.of();
    }

    /** Whether a property is the one of {@link #ofWeight}. */
    public static boolean isOfWeight(UnitProperty property) {
        return property.name().equals(WEIGHT);
    }

    /** Of the devices that it may use. */
    public abstract List<UnitProperty> ofDevices(List<DeviceRule> rules) throws CgroupException;

    /** What it is called that systemd counts input and output. */
    abstract String ioAccounting();

    /** Those of no limit yet. */
    abstract LimitProperties limits();

    final int version() {
        return version;
    }

    /**
     * What can be limited as long as there is one process more than the container's first: the same, unless that is to
     * be the only one.
     */
    public static Resources whileHeld(Resources resources) {
        boolean alone = isAtMostOne(resources.pidsLimit().orElse(-1))
                || List.of("0", "1")
                        .contains(
                                resources.unified().getOrDefault(TASKS_FILE, "").strip());
        return alone ? resources.withoutPidsLimit() : resources;
    }

    private static boolean isAtMostOne(long tasks) {
        return tasks == 0 || tasks == 1;
    }
}
