// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cgroup.controller.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitPropertiesTest {

    private static final int NEWEST = 258;

    private static String unified(String resources) {
        return text(new UnifiedLimitProperties(NEWEST), resources);
    }

    private static String text(LimitProperties limits, String resources) {
        return text(limits.of(Limits.of(resources.replace('\'', '"'))));
    }

    /** Numbers as systemd reads them. */
    private static String text(List<UnitProperty> properties) {
        StringBuilder text = new StringBuilder();
        for (UnitProperty property : properties) {
            String value = property.signature().equals("t")
                    ? Long.toUnsignedString((Long) property.value())
                    : property.value().toString();
            text.append(text.isEmpty() ? "" : " ")
                    .append(property.name())
                    .append('=')
                    .append(value);
        }
        return text.toString();
    }

    /** The mapping of runc 1.5, and of crun where runc has none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | ``",
                "{'memory': {'limit': 1048576}} | MemoryMax=1048576",
                "{'memory': {'limit': -1}} | MemoryMax=18446744073709551615 MemorySwapMax=18446744073709551615",
                "{'memory': {'reservation': 4096}} | MemoryLow=4096",
                "{'memory': {'limit': 1000, 'swap': 3000}} | MemoryMax=1000 MemorySwapMax=2000",
                "{'memory': {'limit': 1000, 'swap': 1000}} | MemoryMax=1000 MemorySwapMax=0",
                "{'memory': {'limit': 1000, 'swap': -1}} | MemoryMax=1000 MemorySwapMax=18446744073709551615",
                "{'cpu': {'shares': 1024}} | CPUWeight=100",
                "{'cpu': {'shares': 2}} | CPUWeight=1",
                "{'cpu': {'quota': 50000}} | CPUQuotaPerSecUSec=500000",
                "{'cpu': {'quota': -1}} | CPUQuotaPerSecUSec=18446744073709551615",
                "{'cpu': {'period': 50000}} | CPUQuotaPeriodUSec=50000",
                "{'cpu': {'quota': 33333, 'period': 50000}} | CPUQuotaPeriodUSec=50000 CPUQuotaPerSecUSec=670000",
                "{'cpu': {'quota': 1000, 'period': 1000000}} | CPUQuotaPeriodUSec=1000000 CPUQuotaPerSecUSec=10000",
                "{'cpu': {'cpus': '0-1,9', 'mems': '0'}} | AllowedCPUs=[3, 2] AllowedMemoryNodes=[1]",
                "{'cpu': {'idle': 1, 'shares': 1024}} | CPUWeight=0",
                "{'pids': {'limit': 7}} | TasksMax=7",
                "{'pids': {'limit': 0}} | TasksMax=1",
                "{'pids': {'limit': -1}} | TasksMax=18446744073709551615",
                "{'blockIO': {'weight': 100}} | IOWeight=100",
                "{'blockIO': {'weight': 500}} | IOWeight=4500",
                "{'blockIO': {'weight': 1000}} | IOWeight=10000",
                "{'blockIO': {'weightDevice': [{'major': 8, 'minor': 0, 'weight': 10}]}}"
                        + " | IODeviceWeight=[[/dev/block/8:0, 10]]",
                "{'blockIO': {'throttleReadBpsDevice': [{'major': 8, 'minor': 0, 'rate': 5}]}}"
                        + " | IOReadBandwidthMax=[[/dev/block/8:0, 5]]",
                "{'blockIO': {'throttleWriteIOPSDevice': [{'major': 8, 'minor': 0, 'rate': 0}]}}"
                        + " | IOWriteIOPSMax=[[/dev/block/8:0, -1]]",
                "{'hugepageLimits': [{'pageSize': '2MB', 'limit': 0}], 'rdma': {'mlx5': {'hcaHandles': 1}}} | ``",
            })
    void limitsAreProperties(String resources, String properties) {
        assertEquals(properties, unified(resources));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'memory.max': '4096' | MemoryMax=4096",
                "'memory.high': 'max' | MemoryHigh=18446744073709551615",
                "'memory.min': ' 1 ' | MemoryMin=1",
                "'memory.swap.max': '0' | MemorySwapMax=0",
                "'memory.zswap.max': '0' | MemoryZSwapMax=0",
                "'cpu.max': '50000 100000' | CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec=500000",
                "'cpu.max': 'max' | CPUQuotaPerSecUSec=18446744073709551615",
                "'cpu.weight': '77' | CPUWeight=77",
                "'cpu.idle': '1' | CPUWeight=0",
                "'cpu.idle': '0' | ``",
                "'cpuset.cpus': '1' | AllowedCPUs=[2]",
                "'cpuset.cpus': '1-' | ``",
                "'cpuset.cpus': '0-4000000000' | ``",
                "'pids.max': '7' | TasksMax=7",
                "'pids.max': '0' | TasksMax=1",
                "'pids.max': 'seven' | ``",
                "'misc.max': 'res 1' | ``",
                "'io.weight': '250' | IOWeight=250",
                "'io.weight': 'default 250' | IOWeight=250",
                "'io.weight': '8:16 300' | IODeviceWeight=[[/dev/block/8:16, 300]]",
                "'io.weight': '8:16 default' | IODeviceWeight=[[/dev/block/8:16, 100]]",
                "'io.weight': '/dev/sda 300' | ``",
                "'io.bfq.weight': '500' | IOWeight=4500",
                "'io.max': '8:0 rbps=5 wiops=max' | IOReadBandwidthMax=[[/dev/block/8:0, 5]] IOWriteIOPSMax=[[/dev/block/8:0, -1]]",
                "'io.max': '8:0 x=5' | ``",
                "'io.max': '8: rbps=5' | ``",
            })
    void filesThatADocumentNamesItselfArePropertiesToo(String file, String properties) {
        assertEquals(properties, unified("{'unified': {" + file + "}}"));
    }

    /** As with the files, which are written in the same order. */
    @Test
    void whatComesLastHolds() {
        assertEquals("MemoryMax=2", unified("{'memory': {'limit': 1}, 'unified': {'memory.max': '2'}}"));
    }

    /** "Cannot set property, or unknown property", systemd would say of what it does not know. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "241 | {'cpu': {'quota': 1000, 'period': 10000}} | CPUQuotaPerSecUSec=100000",
                "243 | {'cpu': {'cpus': '0'}} | ``",
                "251 | {'cpu': {'idle': 1}} | ``",
                "252 | {'unified': {'memory.zswap.max': '0'}} | ``",
            })
    void anOlderSystemdIsNotToldWhatItDoesNotKnow(int version, String resources, String properties) {
        assertEquals(properties, text(new UnifiedLimitProperties(version), resources));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'memory': {'limit': 4096, 'reservation': 1, 'swap': 8192}} | MemoryLimit=4096",
                "{'cpu': {'shares': 512, 'idle': 1}} | CPUShares=512",
                "{'blockIO': {'weight': 500}} | BlockIOWeight=500",
                "{'pids': {'limit': 7}} | TasksMax=7",
            })
    void onCgroupV1PropertiesHaveOtherNames(String resources, String properties) {
        assertEquals(properties, text(new LegacyLimitProperties(NEWEST), resources));
    }
}
