// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Config;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.BlockIO;
import dev.jrun.spec.Resources.Cpu;
import dev.jrun.spec.Resources.Memory;
import dev.jrun.spec.Resources.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What this version does not implement. A container that asks for any of it is refused, since nothing may be ignored in
 * silence. What has a property, but with a value that asks for nothing (no limit, the default), is not refused.
 *
 * <p>Whoever implements a property takes its line out of the tables below.
 */
public final class NotYetImplemented {
    private static final List<Property<Resources>> RESOURCES = List.of(
            new Property<>(
                    "/hugepageLimits", resources -> !resources.hugepageLimits().isEmpty()),
            new Property<>("/rdma", resources -> !resources.rdma().isEmpty()),
            new Property<>("/unified", resources -> !resources.unified().isEmpty()));

    private static final List<Property<Memory>> MEMORY = List.of(
            new Property<>("/kernel", memory -> limits(memory.kernel())),
            new Property<>("/kernelTCP", memory -> limits(memory.kernelTCP())),
            // 0 asks for something here: not to swap.
            new Property<>("/swappiness", memory -> memory.swappiness().isPresent()),
            new Property<>("/disableOOMKiller", Memory::disableOOMKiller),
            new Property<>("/useHierarchy", Memory::useHierarchy),
            new Property<>("/checkBeforeUpdate", Memory::checkBeforeUpdate));

    private static final List<Property<Cpu>> CPU = List.of(
            new Property<>("/burst", cpu -> isSet(cpu.burst())),
            new Property<>("/realtimeRuntime", cpu -> isSet(cpu.realtimeRuntime())),
            new Property<>("/realtimePeriod", cpu -> isSet(cpu.realtimePeriod())),
            new Property<>("/idle", cpu -> isSet(cpu.idle())));

    private static final List<Property<BlockIO>> BLOCK_IO = List.of(
            new Property<>("/leafWeight", blockIO -> isSet(blockIO.leafWeight())),
            new Property<>("/weightDevice", blockIO -> !blockIO.weightDevice().isEmpty()),
            new Property<>(
                    "/throttleReadBpsDevice",
                    blockIO -> !blockIO.throttleReadBpsDevice().isEmpty()),
            new Property<>(
                    "/throttleWriteBpsDevice",
                    blockIO -> !blockIO.throttleWriteBpsDevice().isEmpty()),
            new Property<>(
                    "/throttleReadIOPSDevice",
                    blockIO -> !blockIO.throttleReadIOPSDevice().isEmpty()),
            new Property<>(
                    "/throttleWriteIOPSDevice",
                    blockIO -> !blockIO.throttleWriteIOPSDevice().isEmpty()));

    private static final List<Property<Network>> NETWORK = List.of(
            new Property<>("/classID", network -> isSet(network.classID())),
            new Property<>("/priorities", network -> !network.priorities().isEmpty()));

    private final List<Problem> problems = new ArrayList<>();

    private NotYetImplemented() {}

    /** What a container of this configuration would need and not get. */
    public static List<Problem> in(Config config) {
        NotYetImplemented missing = new NotYetImplemented();
        missing.addResources("/linux/resources", config.linux().resources());
        return List.copyOf(missing.problems);
    }

    private void addResources(String pointer, Resources resources) {
        add(pointer + "/memory", resources.memory(), MEMORY);
        add(pointer + "/cpu", resources.cpu(), CPU);
        add(pointer + "/blockIO", resources.blockIO(), BLOCK_IO);
        add(pointer + "/network", resources.network(), NETWORK);
        add(pointer, resources, RESOURCES);
    }

    private <T> void add(String pointer, T object, List<Property<T>> properties) {
        for (Property<T> property : properties) {
            if (property.asksForSomething().test(object)) {
                add(pointer + property.name(), "");
            }
        }
    }

    private void add(String pointer, String found) {
        problems.add(new Problem(pointer, found, "not implemented yet by this version of jrun", Optional.empty()));
    }

    /** Whether a limit is one: 0 stands for an unset one, and negative numbers for no limit. */
    private static boolean limits(OptionalLong limit) {
        return limit.orElse(0) > 0;
    }

    private static boolean isSet(OptionalLong number) {
        return number.orElse(0) != 0;
    }

    private static boolean isSet(OptionalInt number) {
        return number.orElse(0) != 0;
    }

    private record Property<T>(String name, Predicate<T> asksForSomething) {}
}
