// usage: node ask.js HOST:PORT SERVICE
// Asks a server for the health of SERVICE and, by reflection, which services it has:
// {"health": "SERVING", "services": ["…"]}.
'use strict';
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, service] = process.argv.slice(2);
const load = (name, file) => grpc.loadPackageDefinition(loader.loadSync(
  path.join(__dirname, 'node_modules', name, file), { enums: String })).grpc;
const { Health } = load('grpc-health-check', 'proto/health/v1/health.proto').health.v1;
const { ServerReflection } = load('@grpc/reflection', 'build/proto/grpc/reflection/v1/reflection.proto').reflection.v1;
const open = Client => new Client(address, grpc.credentials.createInsecure());
const fail = error => { console.error(error); process.exit(1); };

open(Health).check({ service }, { deadline: Date.now() + 30_000 }, (error, health) => {
  if (error) {
    fail(error);
  }
  const stream = open(ServerReflection).serverReflectionInfo();
  stream.on('error', fail);
  stream.on('data', answer => {
    const services = answer.listServicesResponse.service.map(s => s.name).sort();
    console.log(JSON.stringify({ health: health.status, services }));
    process.exit(0);
  });
  stream.write({ listServices: '' });
});
