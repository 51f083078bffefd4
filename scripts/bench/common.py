# SPDX-License-Identifier: MIT
"""common.py - what the benchmarks share: building flong, finding tools, measuring a command."""
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
import time

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PEERS = os.environ.get('FLONG_PEERS', os.path.join(TREE, '.peers'))
SAMPLE_SECONDS = 0.02
MB = 1_000_000


def die(text):
    sys.exit(f'bench: {text}')


def find_tool(name, package):
    path = shutil.which(name, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
    return path or die(f'{name} is not installed; scripts/setup --peers installs {package}')


def build_release(name='build-release', *options):
    """The path of flong, built with optimisation in a folder of this name."""
    folder = os.path.join(TREE, name)
    steps = [['ninja', '-C', folder, 'flong']]
    if not os.path.exists(os.path.join(folder, 'build.ninja')):
        steps.insert(0, ['meson', 'setup', folder, '--buildtype=release', *options])
    for step in steps:
        done = subprocess.run(step, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            die(f"{' '.join(step)} fails:\n{done.stdout.decode(errors='replace')[-2000:]}")
    return os.path.join(folder, 'flong')


def process_tree(pid):
    """pid and all that came from it."""
    found, todo = [], [pid]
    while todo:
        pid = todo.pop()
        found.append(pid)
        try:
            for task in os.listdir(f'/proc/{pid}/task'):
                with open(f'/proc/{pid}/task/{task}/children', encoding='ascii') as file:
                    todo += [int(child) for child in file.read().split()]
        except OSError:
            pass
    return found


def memory_of(pid):
    """Proportional set size of one process, in bytes; 0 when it has ended."""
    try:
        with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as file:
            return sum(int(line.split()[1]) * 1024 for line in file if line.startswith('Pss:'))
    except OSError:
        return 0


def high_water_of(pid):
    """Peak resident set of one process since its program started, in bytes."""
    try:
        with open(f'/proc/{pid}/status', encoding='ascii', errors='replace') as file:
            return sum(int(line.split()[1]) * 1024 for line in file if line.startswith('VmHWM:'))
    except OSError:
        return 0


def measure(command, cwd, pause=SAMPLE_SECONDS, usage=None):
    """(exit status, seconds, peak PSS of all processes, peak RSS of the first) of a command.

    `usage`, a dictionary, gets 'cpu', the seconds of processor time of all its processes, and 'switches', how often
    they waited or gave way. Each look at the memory takes about a millisecond; with `pause` None there is none.
    """
    peak = high_water = 0
    with open(os.path.join(cwd, 'output'), 'wb') as output:
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=cwd, stdout=output, stderr=output)
        ended = threading.Event()

        def sample():
            nonlocal peak, high_water
            while not ended.wait(pause):
                peak = max(peak, sum(memory_of(pid) for pid in process_tree(process.pid)))
                high_water = max(high_water, high_water_of(process.pid))
        sampler = threading.Thread(target=sample) if pause is not None else None
        if sampler:
            sampler.start()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - started
        ended.set()
        if sampler:
            sampler.join()
    if usage is not None:
        usage['cpu'] = used.ru_utime + used.ru_stime
        usage['switches'] = used.ru_nvcsw + used.ru_nivcsw
    return process.returncode, seconds, peak, high_water


def machine():
    """What a table's first line says of where it was measured: day, system, processors, load."""
    with open('/proc/cpuinfo', encoding='utf-8', errors='replace') as file:
        models = [line.split(':', 1)[1].strip() for line in file if line.startswith('model name')]
    with open('/etc/os-release', encoding='utf-8', errors='replace') as file:
        system = next((line.split('=', 1)[1].strip().strip('"') for line in file if line.startswith('PRETTY_NAME')), '')
    return f"{time.strftime('%d %B %Y')}, {system}, {os.cpu_count()} x {models[0] if models else 'processor'}, " \
           f'load {os.getloadavg()[0]:.1f}'


def version_of(*command):
    """The number in the first line that a program prints of itself."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    number = re.search(rb'\d+(\.\d+)+', done.stdout)
    return number[0].decode() if number else 'of unknown version'


def run_measured(command, work, good=(0,), **more):
    """What measure() says, with 'cpu' behind it; dies with the command's output when it fails."""
    usage = {}
    status, seconds, pss, rss = measure(command, work, usage=usage, **more)
    if status not in good:
        with open(os.path.join(work, 'output'), encoding='utf-8', errors='replace') as output:
            die(f"{' '.join(command)[:500]} ended with {status}:\n{output.read()[-1500:]}")
    return seconds, pss, rss, usage['cpu']


def in_turns(rounds, runs):
    """{name: [result of each round]} of {name: function}, in turns, so that all meet the same load of the machine."""
    results = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            results[name].append(run())
            print(f'round {number + 1}  {name}', file=sys.stderr)
    return results


def load(name):
    """The benchmark of this name as a module."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    loader = importlib.machinery.SourceFileLoader('bench_' + name, path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module
